import { CofferError } from '../errors.ts'
import type { Cause } from '../audit-entry.ts'
import type { Connection, Environment } from '../model.ts'
import type { RemovalCause, Tombstone } from '../tombstone.ts'
import type { Access } from './access.ts'
import { auditMove } from './audit.ts'
import { fromFlag, fromList, toFlag, toList } from './columns.ts'
import { prepared } from './prepared.ts'
import type { Db, Schema } from './schema.ts'
import { remember } from './remember.ts'
import { requireKeptKey } from './sealed.ts'
import type { Link } from './link.ts'

/** The link that a connection came by. */
export type Origin = Pick<Link, 'linkId' | 'replaces'>

export interface ConnectionTable {
  /** Oldest first. */
  list(): Promise<readonly Connection[]>
  find(itemId: string): Promise<Connection | null>
  /** With the link that brought it: it and the connection that it replaces are told in the same transaction. */
  insert(connection: Connection, sealedToken: string, link?: Origin): Promise<void>
  /**
   * Reads, changes and writes one connection in one immediate transaction, which audits a status that moved, and by what.
   * Null when there is none.
   */
  change(itemId: string, change: (now: Connection) => Connection, cause?: Cause): Promise<Connection | null>
  sealedToken(itemId: string): Promise<string | null>
  /** Every sealed token, for checking and rotation. */
  sealedTokens(): Promise<readonly { itemId: string; environment: Environment; sealedToken: string }[]>
  /** Deletes what was fetched of it: accounts, holdings, flow and when that was. The connection itself stays. */
  forgetData(itemId: string): Promise<void>
  /** Whether any token is kept here. */
  hasTokens(): Promise<boolean>
  remove(itemId: string): Promise<void>
  /**
   * Marks it as `removing`: what fetches it writes nothing more, and its open links have ended. One transaction. One
   * that is being removed already stays as it is. Null when there is none.
   */
  beginRemoval(itemId: string, cause: RemovalCause, at: string): Promise<Connection | null>
  /**
   * Removes one that is being removed, everything else that names it, and leaves the tombstone: one transaction, after
   * which a scrub is owed. False, and nothing was written, when it is gone already, or not being removed.
   */
  erase(itemId: string, tombstone: Tombstone): Promise<boolean>
}

/** All but the sealed token, which leaves the table only where it is asked for. */
const columns = [
  'itemId',
  'environment',
  'institution',
  'institutionId',
  'label',
  'person',
  'status',
  'reason',
  'deadline',
  'warning',
  'awaitingData',
  'consentExpirationTime',
  'answeredDeadline',
  'repairedAt',
  'errorSentAt',
  'warningSentAt',
  'newAccounts',
  'products',
  'consentedProducts',
  'createdAt',
  'lastUsedAt',
  'lastSyncedAt',
  'lastCheckedAt',
  'dataAsOf',
  'syncError',
  'dirtySince',
  'replacedBy',
  'removingSince',
  'removalCause',
  'removalTriedAt',
] as const satisfies readonly (keyof Connection)[]

/** In removal.ts. */
export type Removals = Pick<ConnectionTable, 'remove' | 'beginRemoval' | 'erase'>

const connected = { actor: 'coffer', name: 'connected', before: null } as const
const unknownCause: Cause = { actor: 'coffer', name: 'changed' }

type ConnectionRow = Pick<Schema['connections'], keyof Connection>

export function createConnections({
  query,
  write,
  version,
  now,
}: Access): Omit<ConnectionTable, keyof Removals> {
  return {
    list: remember(version, () => query(listConnections)),
    find: (itemId) => query((db) => findConnection(db, itemId)),
    insert: (connection, sealedToken, link) =>
      write(async (db) => {
        await requireKeptKey(db, [sealedToken])
        await db
          .insertInto('connections')
          .values({ ...toRow(connection), sealedToken })
          .execute()
        if (link !== undefined) await noteOrigin(db, connection.itemId, link)
        await auditMove(db, { ...connected, itemId: connection.itemId, at: now(), after: connection.status })
      }),
    change: (itemId, change, cause = unknownCause) =>
      write((db) => changeConnection(db, itemId, change, { ...cause, at: now() })),
    sealedToken: (itemId) => query((db) => findToken(db, itemId)),
    sealedTokens: () => query(listTokens),
    hasTokens: () => query(async (db) => (await anyToken(db)) !== undefined),
    forgetData: (itemId) => write((db) => forgetData(db, itemId)),
  }
}

/** For writes of fetched data. UNKNOWN_CONNECTION when it was removed or revoked while they were fetched. */
export async function requireConnection(db: Db, itemId: string): Promise<void> {
  const connection = await findConnection(db, itemId)
  const isOver = connection === null || connection.status === 'removing' || connection.status === 'revoked'
  if (isOver) throw unknownConnection()
}

export function unknownConnection(): CofferError {
  return new CofferError('UNKNOWN_CONNECTION', 'The connection was removed meanwhile.', {
    fix: 'Call list_connections for those that are there.',
  })
}

export async function listConnections(db: Db): Promise<readonly Connection[]> {
  return (await allRows(db)).map(fromRow)
}

const allRows = prepared((db) =>
  db.selectFrom('connections').select(columns).orderBy('createdAt').orderBy('itemId'),
)

export async function findConnection(db: Db, itemId: string): Promise<Connection | null> {
  const [row] = await rowsOf(db, itemId)
  return row === undefined ? null : fromRow(row)
}

const rowsOf = prepared((db, itemId: string) =>
  db.selectFrom('connections').select(columns).where('itemId', '=', itemId),
)

export async function changeConnection(
  db: Db,
  itemId: string,
  change: (now: Connection) => Connection,
  cause: Cause & { readonly at: string },
): Promise<Connection | null> {
  const now = await findConnection(db, itemId)
  if (now === null) return null
  const next = change(now)
  if (next === now) return next
  await db.updateTable('connections').set(toRow(next)).where('itemId', '=', itemId).execute()
  const [before, after] = [now.status, next.status]
  if (before !== after) await auditMove(db, { ...cause, itemId, before, after, outcome: outcomeOf(next) })
  return next
}

/** What Plaid gave for a reason; a removal has none. */
function outcomeOf({ status, reason }: Connection): string {
  return status === 'removing' ? 'ok' : (reason ?? 'ok')
}

/** The link knows its Item, and the dead connection what follows it, from the moment that the token is kept. */
async function noteOrigin(db: Db, itemId: string, { linkId, replaces }: Origin): Promise<void> {
  await db.updateTable('links').set({ itemId }).where('linkId', '=', linkId).execute()
  if (replaces === null) return
  await db.updateTable('connections').set({ replacedBy: itemId }).where('itemId', '=', replaces).execute()
}

async function findToken(db: Db, itemId: string): Promise<string | null> {
  const row = await db
    .selectFrom('connections')
    .select('sealedToken')
    .where('itemId', '=', itemId)
    .executeTakeFirst()
  return row?.sealedToken ?? null
}

function anyToken(db: Db) {
  return db.selectFrom('connections').select('itemId').limit(1).executeTakeFirst()
}

function listTokens(db: Db) {
  return db
    .selectFrom('connections')
    .select(['itemId', 'environment', 'sealedToken'])
    .orderBy('createdAt')
    .orderBy('itemId')
    .execute()
}

/** What is known of a connection because it was fetched. */
const fetched = [
  'accounts',
  'holdings',
  'liabilities',
  'flowDays',
  'flowMoves',
  'flowSpans',
  'flowFetches',
  'oldRules',
  'transactions',
  'ledgerCursors',
  'reconciliations',
  'balanceDays',
  'seenIncome',
  'seenBills',
] as const

async function forgetData(db: Db, itemId: string): Promise<void> {
  await forgetMarks(db, itemId)
  for (const table of fetched) await db.deleteFrom(table).where('itemId', '=', itemId).execute()
  // Nothing is known of it now: should it come back, its figures are missing and not fresh.
  const unknown = { lastSyncedAt: null, dataAsOf: null }
  await db.updateTable('connections').set(unknown).where('itemId', '=', itemId).execute()
}

/** Accounts of other logins that were counted as those of this one count for themselves again. */
export async function forgetMarks(db: Db, itemId: string): Promise<void> {
  const itsAccounts = db.selectFrom('accounts').select('accountId').where('itemId', '=', itemId)
  await db.updateTable('accounts').set({ sameAs: null }).where('sameAs', 'in', itsAccounts).execute()
}

function toRow(connection: Connection): ConnectionRow {
  return {
    ...connection,
    awaitingData: toFlag(connection.awaitingData),
    newAccounts: toFlag(connection.newAccounts),
    products: toList(connection.products),
    consentedProducts: toList(connection.consentedProducts),
  }
}

function fromRow(row: ConnectionRow): Connection {
  return {
    ...row,
    awaitingData: fromFlag(row.awaitingData),
    newAccounts: fromFlag(row.newAccounts),
    products: fromList(row.products),
    consentedProducts: fromList(row.consentedProducts),
  }
}
