import { transactionsAt, type Account, type TransactionRow, type Version, versionOf } from './bank.ts'
import { addDays } from './calendar.ts'
import { plaidFailure } from './failure.ts'
import { idOf } from './ids.ts'
import { invalidField, isRecord } from './request.ts'
import type { ItemState } from './state.ts'
import type { World } from './world.ts'

const BANK_DAYS = 730

export interface SyncPage {
  readonly added: TransactionRow[]
  readonly modified: TransactionRow[]
  readonly removed: { transaction_id: string; account_id: string }[]
  readonly next_cursor: string
  readonly has_more: boolean
}

/** The way from one picture of the transactions to the next, and how much of it the client has. */
interface Position {
  /** Null = from the beginning. */
  readonly from: Version | null
  /** Null = the loop has ended, and the next one goes from `from` to what there is then. */
  readonly to: Version | null
  readonly offset: number
}

type Change =
  | { readonly kind: 'added' | 'modified'; readonly row: TransactionRow }
  | { readonly kind: 'removed'; readonly id: string; readonly accountId: string }

interface SyncRequest {
  readonly cursor: string
  readonly count: number
  readonly accountId: string | undefined
}

/** One page of `/transactions/sync`. A cursor says all, so the same cursor gives the same page again. */
export function syncPage(world: World, item: ItemState, { cursor, count, accountId }: SyncRequest): SyncPage {
  const stream = idOf(item.itemId, accountId ?? '').slice(0, 16)
  const now = versionOf(world, item)
  const { from, to, offset } = readCursor(cursor, stream, now)
  if (to !== null && !isSame(to, now)) throw plaidFailure('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION')

  const changes = changesBetween(world, item, from, now).filter(
    (change) => accountId === undefined || accountOf(change) === accountId,
  )
  const end = Math.min(offset + count, changes.length)
  const has_more = end < changes.length
  const next: Position = has_more ? { from, to: now, offset: end } : { from: now, to: null, offset: 0 }
  return { ...sorted(changes.slice(offset, end)), next_cursor: writeCursor(next, stream), has_more }
}

function changesBetween(world: World, item: ItemState, from: Version | null, to: Version): Change[] {
  if (from !== null && isSame(from, to)) return []
  const after = transactionsAt(world, item, to)
  if (from === null) return after.map((row) => ({ kind: 'added', row }))

  const before = transactionsAt(world, item, from)
  const changes = difference(keptByBank(before, to.day), after)
  return from !== null && world.state.settings.untidySync
    ? [...changes, ...untidiness(before, after)]
    : changes
}

function difference(before: readonly TransactionRow[], after: readonly TransactionRow[]): Change[] {
  const old = new Map(before.map((row) => [row.transaction_id, row]))
  const current = new Set(after.map(({ transaction_id }) => transaction_id))
  const added = after.filter(({ transaction_id }) => !old.has(transaction_id))
  const modified = after.filter((row) => differs(old.get(row.transaction_id), row))
  const removed = before.filter(({ transaction_id }) => !current.has(transaction_id))
  return [
    ...added.map((row) => ({ kind: 'added', row }) as const),
    ...modified.map((row) => ({ kind: 'modified', row }) as const),
    ...removed.map(
      (row) => ({ kind: 'removed', id: row.transaction_id, accountId: row.account_id }) as const,
    ),
  ]
}

/** What a bank no longer shows for its age, Plaid does not take back. */
function keptByBank(rows: readonly TransactionRow[], today: string): TransactionRow[] {
  const oldest = addDays(today, -BANK_DAYS)
  return rows.filter(({ date }) => date >= oldest)
}

/** What the real Sandbox adds to a delta: a row that did not change, and the end of one never shown. */
function untidiness(before: readonly TransactionRow[], after: readonly TransactionRow[]): Change[] {
  const ids = new Set(before.map(({ transaction_id }) => transaction_id))
  const same = after.find(({ transaction_id }) => ids.has(transaction_id))
  if (same === undefined) return []
  const ghost = idOf(same.transaction_id, 'ghost')
  return [
    { kind: 'modified', row: same },
    { kind: 'removed', id: ghost, accountId: same.account_id },
  ]
}

function differs(old: TransactionRow | undefined, row: TransactionRow): boolean {
  return old !== undefined && old !== row && JSON.stringify(old) !== JSON.stringify(row)
}

function sorted(changes: readonly Change[]): Pick<SyncPage, 'added' | 'modified' | 'removed'> {
  const rows = (kind: 'added' | 'modified') =>
    changes.flatMap((change) => (change.kind === kind ? [change.row] : []))
  const removed = changes.flatMap((change) =>
    change.kind === 'removed' ? [{ transaction_id: change.id, account_id: change.accountId }] : [],
  )
  return { added: rows('added'), modified: rows('modified'), removed }
}

function accountOf(change: Change): Account['account_id'] {
  return change.kind === 'removed' ? change.accountId : change.row.account_id
}

function isSame(a: Version, b: Version): boolean {
  return a.day === b.day && a.stage === b.stage && a.edits === b.edits
}

/** Base64 text of at most 256 characters. */
function writeCursor({ from, to, offset }: Position, stream: string): string {
  return Buffer.from(JSON.stringify([stream, pack(from), pack(to), offset])).toString('base64')
}

function readCursor(cursor: string, stream: string, now: Version): Position {
  if (cursor === '') return { from: null, to: null, offset: 0 }
  // For those who come from /transactions/get and have the history already.
  if (cursor === 'now') return { from: now, to: null, offset: 0 }
  const [owner, from, to, offset] = decoded(cursor)
  if (owner !== stream || typeof offset !== 'number') {
    throw invalidField('cursor', 'cursor not associated with access_token')
  }
  return { from: unpack(from), to: unpack(to), offset }
}

function decoded(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

function pack(version: Version | null) {
  return version && { d: version.day, s: version.stage, e: version.edits }
}

function unpack(packed: unknown): Version | null {
  if (!isRecord(packed)) return null
  const { d, s, e } = packed
  return { day: String(d), stage: s === 2 ? 2 : s === 1 ? 1 : 0, edits: Number(e) }
}
