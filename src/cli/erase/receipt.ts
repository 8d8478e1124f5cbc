import type { App } from '../../app.ts'
import { type CofferError, isCofferError, sentencesOf } from '../../errors.ts'
import type { Ended } from './at-plaid.ts'
import type { Deleted } from './files.ts'

type Destroy = Awaited<ReturnType<App['keys']['destruction']>>
type DestroyedKey = Awaited<ReturnType<Destroy>>[number]

/** Everything that was erased, and everything that was not. */
export interface Receipt {
  readonly home: string
  readonly atPlaid: readonly Ended[]
  /** Why the database could not be read: then nobody knows which banks it had, and which keys. */
  readonly unread: string | null
  /** Of the database, as the note beside it has it: the names of its items in a keychain begin with that. */
  readonly databaseId: string | null
  readonly keys: readonly DestroyedKey[]
  /** The Plaid keys in the keychain: deleted, or why not; null when there are none. */
  readonly plaidKeys: 'deleted' | CofferError | null
  /** Null: nothing here was deleted. */
  readonly files: Deleted | null
  /** Why nothing here was deleted although Plaid has confirmed what was asked; else null. */
  readonly stillRunning: CofferError | null
  /** Outside of the data directory. */
  readonly logFile: string | null
  /** Addresses of Link pages work until they expire. */
  readonly openLinks: number
}

export function unconfirmedOf({ atPlaid }: Pick<Receipt, 'atPlaid'>): readonly Ended[] {
  return atPlaid.filter(({ result }) => result === 'not_confirmed')
}

/** Nothing of ours is left where it could be deleted. */
export function isClean({ keys, plaidKeys, files }: Receipt): boolean {
  const areKeysGone = keys.every(({ key }) => key !== 'failed') && !isCofferError(plaidKeys)
  return files?.failed.length === 0 && areKeysGone
}

export function receiptJson(receipt: Receipt): object {
  const { atPlaid, files, keys, home } = receipt
  return {
    erased: files !== null,
    home,
    at_plaid: atPlaid.map(({ itemId, institution, result, why }) => ({
      item_id: itemId,
      institution,
      result,
      ...(why === null ? {} : { code: why.code, why: sentencesOf(why) }),
    })),
    deleted_files: files?.files ?? [],
    keys: keys.map(({ keyId, source, key, where }) => ({
      key_id: keyId,
      source,
      key,
      ...(where === null ? {} : { where }),
    })),
    plaid_keys: isCofferError(receipt.plaidKeys) ? 'failed' : (receipt.plaidKeys ?? 'none'),
    left: leftTexts(receipt),
  }
}

export function receiptText(receipt: Receipt): string {
  const { atPlaid, files, keys, home, unread } = receipt
  const done = [
    ...(unread === null ? [] : [`The database could not be read: ${unread}`]),
    ...atPlaid.map(bankText),
    ...(atPlaid.length === 0 && unread === null ? ['At Plaid: there was no connection to end.'] : []),
    ...keys.filter(({ key }) => key === 'deleted').map(({ keyId }) => `Deleted: the key ${keyId}.`),
    ...(receipt.plaidKeys === 'deleted' ? ['Deleted: the Plaid keys in the keychain.'] : []),
    files === null ? notDeleted(receipt) : `Deleted: ${files.files.length} files in ${home}.`,
  ]
  const left = leftTexts(receipt)
  return [
    ...done,
    ...(left.length === 0
      ? []
      : ['', 'Not erased, and yours to see to:', ...left.map((text) => `- ${text}`)]),
  ].join('\n')
}

function notDeleted({ stillRunning }: Receipt): string {
  const why = stillRunning?.message ?? 'without its token nobody could end a connection any more.'
  return `Nothing here was deleted: ${why}`
}

function bankText({ institution, result, why }: Ended): string {
  if (result === 'removed') return `At Plaid: ${institution} is removed.`
  if (result === 'gone') return `At Plaid: ${institution} was known no more.`
  return `At Plaid: ${institution} is NOT confirmed as removed${why === null ? '' : `: ${sentencesOf(why)}`}`
}

function leftTexts(receipt: Receipt): string[] {
  const { files, keys, home, openLinks, logFile } = receipt
  if (files === null) return [receipt.stillRunning?.fix ?? 'Run coffer-mcp erase again when Plaid answers.']
  return [
    ...atBanks(receipt),
    ...keys.flatMap(keyLeft),
    ...keysUnread(receipt),
    ...files.failed.map((path) => `${path} in ${home} could not be deleted.`),
    ...(files.strangers.length === 0
      ? []
      : [`Not known as a file of Coffer, and still in ${home}: ${files.strangers.join(', ')}.`]),
    ...(logFile === null ? [] : [`The log file ${logFile}.`]),
    ...(openLinks === 0
      ? []
      : ['A Link page is still open: leave it, or it connects a bank that nobody knows of.']),
    'Clients that start Coffer make an empty data directory again: coffer-mcp uninstall claude-desktop (or claude-code).',
    'Plaid keys in an environment or in settings of a client, files that export wrote, your own backups, and a tunnel or relay for webhooks.',
  ]
}

function atBanks(receipt: Receipt): string[] {
  const names = [...new Set(unconfirmedOf(receipt).map(({ institution }) => institution))]
  const which = receipt.unread === null ? names.join(', ') : 'every bank that was connected'
  if (which === '') return []
  return [
    `Take the permission back at ${which} (in its settings for connected apps) or at my.plaid.com: Plaid has not confirmed it, and the token is deleted.`,
  ]
}

function keysUnread({ unread, databaseId, plaidKeys }: Receipt): string[] {
  const plaids = isCofferError(plaidKeys)
    ? [`The Plaid keys could not be deleted from the keychain (${plaidKeys.code}): items of coffer-mcp.`]
    : []
  if (unread === null) return plaids
  const which = databaseId === null ? '' : ` whose names begin with ${databaseId}`
  return [
    `The keys: items of coffer-mcp in the keychain${which}, or the file that COFFER_KEY names.`,
    ...plaids,
  ]
}

function keyLeft({ keyId, key, where, why }: DestroyedKey): string[] {
  switch (key) {
    case 'deleted':
    case 'absent':
      return []
    case 'passphrase':
      return ['TOKEN_ENCRYPTION_KEY, wherever you keep it; it opens only old backups now.']
    case 'elsewhere':
    case 'foreign':
      return [
        `The key file ${where ?? ''} is outside of the data directory, or was yours before. Delete it yourself.`,
      ]
    case 'failed':
      return [
        `The key ${keyId} could not be deleted${why === null ? '' : ` (${why.code})`}: ${where ?? 'its place is not known here'}. In a keychain it is an item of coffer-mcp with that name.`,
      ]
  }
}
