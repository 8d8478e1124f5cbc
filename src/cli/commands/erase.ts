import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { isCancel, text } from '@clack/prompts'
import type { App } from '../../app.ts'
import { mayAskPlaid } from '../../config.ts'
import { CofferError, ignoreKnown, isCofferError, sentencesOf } from '../../errors.ts'
import { refuseUnusableDirectory } from '../../private-files.ts'
import { namesOf } from '../../tools/confirm.ts'
import { exitCodes, type Session } from '../command.ts'
import { type Alone, takeAlone } from '../erase/alone.ts'
import { endAtPlaid, noKeysFor } from '../erase/at-plaid.ts'
import { deleteOurs, deleteRest, hasLostDatabase, holdsOurs } from '../erase/files.ts'
import { isClean, type Receipt, receiptJson, receiptText, unconfirmedOf } from '../erase/receipt.ts'

interface Options {
  readonly yes: boolean
  /** Goes on where Plaid does not confirm that a connection has ended. */
  readonly evenWithoutPlaid: boolean
}

/** Everything goes: at Plaid first, then the keys, then the files. What was cut off is done by the next run. */
export async function erase(session: Session, options: Options): Promise<number> {
  const { home, logFile } = session.opened.config()
  refuseUnusableDirectory(home)
  if (!holdsOurs(home, logFile)) {
    await sweep(home)
    session.print(session.json ? '{"erased": true}' : `There is nothing of Coffer in ${home}.`)
    return exitCodes.ok
  }
  if (!options.yes && !session.interactive) throw notConfirmed()
  const alone = await takeAlone(home, () => leaderOf(session))
  try {
    return await eraseAll(session, options, alone)
  } finally {
    // Gone before they are free, so that nobody leads in between; Windows deletes no open file.
    deleteRestIfDone(home, logFile)
    alone.release()
    deleteRestIfDone(home, logFile)
  }
}

/** One that was cut off at its very end has left the locks that it held. */
async function sweep(home: string): Promise<void> {
  const alone = await takeAlone(home, async () => null).catch(ignoreKnown)
  if (alone === undefined) return
  deleteRest(home)
  alone.release()
  deleteRest(home)
}

function deleteRestIfDone(home: string, logFile: string | null): void {
  if (!holdsOurs(home, logFile)) deleteRest(home)
}

async function eraseAll(session: Session, options: Options, alone: Alone): Promise<number> {
  const { home, logFile } = session.opened.config()
  const { app, unread } = await openIfReadable(session, options)
  const rows = app === null ? [] : await app.store.connections.list()
  if (rows.length > 0 && !mayAskPlaid(session.opened.config()) && !options.evenWithoutPlaid)
    throw noKeysFor(rows.length)
  if (!options.yes) await ask(home, rows)
  session.progress('Ending every connection at Plaid')
  const openLinks = app === null ? 0 : (await app.store.links.open()).length
  const atPlaid = app === null ? [] : await endAtPlaid(app)
  const about = { home, unread, databaseId: databaseIdIn(home), openLinks }
  const began: Receipt = { ...nothingYet, ...about, atPlaid }
  if (unconfirmedOf(began).length > 0 && !options.evenWithoutPlaid) {
    tell(session, began)
    return exitCodes.unreachable
  }
  const destroyKeys = await app?.keys.destruction(home)
  await closeForAll(session, alone, began)
  const keys = (await destroyKeys?.()) ?? []
  const plaidKeys = app === null ? null : await forgetPlaidKeys(session, app)
  const files = deleteOurs(home, logFile)
  const receipt = { ...began, keys, plaidKeys, files, logFile: outside(home, logFile) }
  tell(session, receipt)
  return isClean(receipt) ? exitCodes.ok : exitCodes.failure
}

/** Before the keys: a copy that was started during the question would go on with them, and seal what nobody opens again. */
async function closeForAll(session: Session, alone: Alone, began: Receipt): Promise<void> {
  await session.opened.close()
  try {
    await alone.keepClosed('What could be ended at Plaid is ended; the keys and the files are still there.')
  } catch (error) {
    if (isCofferError(error, 'STILL_RUNNING')) tell(session, { ...began, stillRunning: error })
    throw error
  }
}

interface Read {
  /** Null: there is no database, or none that can be read. */
  readonly app: App | null
  readonly unread: string | null
}

/** A database that cannot be read any more must not keep its owner from erasing it. */
async function openIfReadable({ opened }: Session, { evenWithoutPlaid }: Options): Promise<Read> {
  const { home } = opened.config()
  if (!existsSync(join(home, 'coffer.db')) && !hasLostDatabase(home)) return { app: null, unread: null }
  try {
    return { app: await opened.appWithoutKeys(), unread: null }
  } catch (error) {
    const isUnreadable = isCofferError(error, 'DATABASE_DAMAGED') || isCofferError(error, 'DATABASE_NEWER')
    if (isUnreadable && evenWithoutPlaid) return { app: null, unread: sentencesOf(error) }
    if (!isUnreadable) throw error
    throw new CofferError(error.code, `${error.message} So nothing can be ended at Plaid.`, {
      fix: `${error.fix ?? ''} To erase it all the same: coffer-mcp erase --even-without-plaid, and take the permission back at each bank.`,
    })
  }
}

const nothingYet = { keys: [], plaidKeys: null, files: null, logFile: null, stillRunning: null } as const

/** Those that setup put into the keychain; null when there are none. */
async function forgetPlaidKeys({ opened }: Session, { keptKeys }: App): Promise<Receipt['plaidKeys']> {
  const { demo, keysInKeychain } = opened.config()
  if (demo || !keysInKeychain) return null
  try {
    return (await keptKeys.remove()).length > 0 ? 'deleted' : null
  } catch (error) {
    if (isCofferError(error)) return error
    throw error
  }
}

function databaseIdIn(home: string): string | null {
  try {
    return readFileSync(join(home, 'database.id'), 'utf8').trim()
  } catch {
    return null
  }
}

/** Null when nobody leads, or that cannot be read. */
async function leaderOf({ opened }: Session): Promise<number | null> {
  const app = await opened.appWithoutKeys().catch(ignoreKnown)
  return (await app?.store.leader.read())?.pid ?? null
}

const word = 'erase'

async function ask(home: string, rows: readonly { readonly institution: string }[]): Promise<void> {
  const banks = rows.length === 0 ? 'There is no connection.' : `${rows.length} at Plaid: ${namesOf(rows)}.`
  const message = `Erase everything? ${banks} Then the keys and all of Coffer in ${home}. This cannot be undone. Type "${word}" to do it:`
  const answer = await text({ message })
  if (isCancel(answer) || answer?.trim() !== word) throw notConfirmed()
}

function notConfirmed(): CofferError {
  return new CofferError('NOT_CONFIRMED', 'No person has said yes, so nothing was erased.', {
    fix: 'Run coffer-mcp erase at a terminal, or with --yes.',
  })
}

function tell(session: Session, receipt: Receipt): void {
  session.print(session.json ? JSON.stringify(receiptJson(receipt), null, 2) : receiptText(receipt))
}

/** The log file, where it does not go with the directory. */
function outside(home: string, logFile: string | null): string | null {
  return logFile === null || !existsSync(logFile) || !relative(home, resolve(logFile)).startsWith('..')
    ? null
    : resolve(logFile)
}
