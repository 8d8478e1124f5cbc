import type { App } from '../../app.ts'
import { sentencesOf } from '../../errors.ts'
import type { Ended } from './at-plaid.ts'
import type { Deleted } from './files.ts'

type DestroyedKey = Awaited<ReturnType<App['keys']['destroy']>>[number]

/** Everything that was erased, and everything that was not. */
export interface Receipt {
  readonly home: string
  readonly atPlaid: readonly Ended[]
  /** Why the database could not be read: then nobody knows which banks it had. */
  readonly unread: string | null
  readonly keys: readonly DestroyedKey[]
  /** Null: nothing here was deleted. */
  readonly files: Deleted | null
  /** Outside of the data directory. */
  readonly logFile: string | null
  /** Addresses of Link pages work until they expire. */
  readonly openLinks: number
}

export function unconfirmedOf({ atPlaid }: Pick<Receipt, 'atPlaid'>): readonly Ended[] {
  return atPlaid.filter(({ result }) => result === 'not_confirmed')
}

/** Nothing of ours is left where it could be deleted. */
export function isClean({ keys, files }: Receipt): boolean {
  return files?.failed.length === 0 && keys.every(({ key }) => key !== 'failed')
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
    files === null
      ? 'Nothing here was deleted: without its token nobody could end a connection any more.'
      : `Deleted: ${files.files.length} files in ${home}.`,
  ]
  const left = leftTexts(receipt)
  return [
    ...done,
    ...(left.length === 0
      ? []
      : ['', 'Not erased, and yours to see to:', ...left.map((text) => `- ${text}`)]),
  ].join('\n')
}

function bankText({ institution, result, why }: Ended): string {
  if (result === 'removed') return `At Plaid: ${institution} is removed.`
  if (result === 'gone') return `At Plaid: ${institution} was known no more.`
  return `At Plaid: ${institution} is NOT confirmed as removed${why === null ? '' : `: ${sentencesOf(why)}`}`
}

function leftTexts(receipt: Receipt): string[] {
  const { files, keys, home, openLinks, logFile } = receipt
  if (files === null) return ['Run coffer-mcp erase again when Plaid answers.']
  return [
    ...atBanks(receipt),
    ...keys.flatMap(keyLeft),
    ...(receipt.unread === null
      ? []
      : [
          'The key of this database: an item of coffer-mcp in the keychain, or the file that COFFER_KEY names.',
        ]),
    ...files.failed.map((path) => `${path} in ${home} could not be deleted.`),
    ...(files.strangers.length === 0
      ? []
      : [`Not of Coffer, and still in ${home}: ${files.strangers.join(', ')}.`]),
    ...(logFile === null ? [] : [`The log file ${logFile}.`]),
    ...(openLinks === 0
      ? []
      : ['A Link page is still open: leave it, or it connects a bank that nobody knows of.']),
    'Clients that start Coffer make an empty data directory again: coffer-mcp uninstall claude-desktop (or claude-code).',
    'Your Plaid keys, files that export wrote, your own backups, and a tunnel or relay for webhooks.',
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
