import type { App } from '../../app.ts'
import { table } from './table.ts'

export type KeysStatus = Awaited<ReturnType<App['keys']['status']>>

const dayMs = 24 * 60 * 60_000

export function showKeys({ source, locked, keys, unknown }: KeysStatus, now: number): string {
  const setting = source === 'file' ? 'file:PATH' : source
  const lines = [`New keys come from: ${source} (COFFER_KEY=${setting})`]
  if (locked !== null) lines.push([`Locked: ${locked.message}`, locked.fix].filter(Boolean).join('\n'))
  if (keys.length === 0) lines.push('There is no key yet: it is made with the first bank.')
  else lines.push(keysTable(keys, now))
  const reasons = keys.flatMap(({ keyId, why }) => (why === null ? [] : `${keyId}: ${why}`))
  if (unknown > 0) lines.push(`${unknown} sealed with a key that is not known here. Restore a backup.`)
  if (keys.some(({ state, records }) => state === 'decrypt-only' && records > 0))
    lines.push('A rotation is not finished. Run coffer-mcp keys rotate.')
  return [...lines, ...reasons].join('\n\n')
}

function keysTable(keys: KeysStatus['keys'], now: number): string {
  const rows = keys.map((key) => [
    key.keyId,
    key.state,
    key.source ?? 'unknown',
    `${ageInDays(key.createdAt, now)} d`,
    String(key.records),
    key.canary,
  ])
  return table([['key'], ['state'], ['from'], ['age', 'right'], ['seals', 'right'], ['canary']], rows)
}

export function ageInDays(createdAt: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(createdAt)) / dayMs))
}
