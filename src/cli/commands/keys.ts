import type { App } from '../../app.ts'
import { exitCodeOf, exitCodes, type Session } from '../command.ts'
import { ageInDays, type KeysStatus, showKeys } from '../show/keys.ts'

type Keys = App['keys']

/** 78 when tokens cannot be sealed, as for every command that needs the key; 1 when something kept here cannot be opened. */
export async function keysStatus(session: Session): Promise<number> {
  const { keys } = await session.opened.appWithoutKeys()
  const status = await keys.status()
  session.print(session.json ? jsonOf(toJson(status, Date.now())) : showKeys(status, Date.now()))
  if (status.locked !== null) return exitCodeOf(status.locked)
  const isMissing = status.keys.some(({ canary, records }) => canary !== 'opens' && records > 0)
  return isMissing || status.unknown > 0 ? exitCodes.failure : exitCodes.ok
}

function toJson({ source, locked, keys, unknown }: KeysStatus, now: number) {
  const all = keys.map((key) => ({
    key_id: key.keyId,
    state: key.state,
    source: key.source,
    created_at: key.createdAt,
    age_days: ageInDays(key.createdAt, now),
    records: key.records,
    canary: key.canary,
    ...(key.why === null ? {} : { why: key.why }),
  }))
  return {
    source,
    vault: locked === null ? 'ok' : 'locked',
    ...(locked === null ? {} : { why: locked.message, fix: locked.fix }),
    active: all.find(({ state }) => state === 'active') ?? null,
    decrypt_only: all.filter(({ state }) => state === 'decrypt-only'),
    retired: all.filter(({ state }) => state === 'retired'),
    records_of_no_known_key: unknown,
  }
}

export async function keysRotate(session: Session): Promise<number> {
  const { keys } = await session.opened.appWithoutKeys()
  session.progress('Sealing everything anew')
  const { keyId, previous, rewrapped, open, damaged } = await keys.rotate()
  const result = { key_id: keyId, previous_key_id: previous, rewrapped, open, damaged }
  session.print(session.json ? jsonOf(result) : rotatedText(result))
  return damaged === 0 ? exitCodes.ok : exitCodes.failure
}

interface Rotated {
  readonly key_id: string | null
  readonly previous_key_id: string | null
  readonly rewrapped: number
  readonly open: number
  readonly damaged: number
}

function rotatedText({ key_id, previous_key_id, rewrapped, open, damaged }: Rotated): string {
  if (key_id === null) return 'There is no key yet: it is made with the first bank. Nothing to rotate.'
  const begun =
    previous_key_id === null
      ? `An earlier rotation to ${key_id} was not finished; now it is. For one more key run it again.`
      : `The key is now ${key_id}.`
  const lines = [begun, `${rewrapped} sealed anew; ${open} open under this key.`]
  if (damaged > 0)
    lines.push(
      `${damaged} open under no key, and are as they were. Restore a backup, or connect those banks again.`,
    )
  lines.push(
    'The key until now is still there, and only opens. When every copy runs on and all is well: coffer-mcp keys retire',
  )
  return lines.join('\n')
}

export async function keysRetire(session: Session): Promise<void> {
  const { keys } = await session.opened.appWithoutKeys()
  const retired = await keys.retire()
  const result = { retired: retired.map(({ keyId, key }) => ({ key_id: keyId, key })) }
  session.print(session.json ? jsonOf(result) : retiredText(retired))
}

type Retired = Awaited<ReturnType<Keys['retire']>>

const words: Record<Retired[number]['key'], string> = {
  deleted: 'its key is deleted',
  absent: 'its key was no longer there',
  foreign: 'its key was in the file before Coffer used it, and stays there: delete that line yourself',
  passphrase: 'there is nothing to delete: it was made from TOKEN_ENCRYPTION_KEY, which you keep',
}

function retiredText(retired: Retired): string {
  if (retired.length === 0) return 'No key is left over. Nothing to retire.'
  const lines = retired.map(({ keyId, key }) => `${keyId} is retired; ${words[key]}.`)
  return [...lines, 'A backup from before the rotation cannot be opened any more.'].join('\n')
}

function jsonOf(value: object): string {
  return JSON.stringify(value, null, 2)
}
