import { sql } from 'kysely'
import type { Environment, Status } from '../model.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'

/** Calls of one month that cost money. */
export interface BilledCalls {
  readonly itemId: string
  /** Plaid's path. */
  readonly endpoint: string
  /** Each call costs; or the month, from the first call on. */
  readonly per: 'call' | 'month'
  /** Such as 2026-03, in UTC, as Plaid bills. */
  readonly month: string
  readonly calls: number
}

/** Connections that are alike, as the database counts them: there may be a hundred thousand. */
export interface TokenGroup {
  readonly institution: string
  readonly environment: Environment
  readonly status: Status
  /** Of the key that seals their tokens. */
  readonly keyId: string
  readonly count: number
  /** When the first of them was made. */
  readonly oldest: string
}

/** A connection whose last fetch failed. */
export interface Failing {
  readonly itemId: string
  readonly institution: string
  readonly lastSyncedAt: string | null
  readonly lastUsedAt: string | null
}

/** Tokens by what they are good for, how they are used, and what they cost. None of these ever reads a token. */
export interface TokenTable {
  groups(): Promise<readonly TokenGroup[]>
  /** Living ones that nobody has used since then, but somebody after `usedAfter`. */
  unusedSince(at: string, usedAfter?: string): Promise<number>
  /** Those whose login ends by then. */
  expiringBy(at: string): Promise<number>
  /** Different persons; those of no name are one. */
  people(): Promise<number>
  /** Those of which the last fetch failed, and that are still fetched. */
  countFailing(): Promise<number>
  /** The same; that which was last fetched longest ago first. */
  failing(limit: number): Promise<readonly Failing[]>
  /** Of each connection in these months, where each call costs; most first. */
  billedByCall(
    months: readonly string[],
    limit: number,
  ): Promise<readonly (BilledCalls & { readonly institution: string })[]>
  /** Connections by endpoint that bills the month. */
  subscriptions(
    month: string,
  ): Promise<readonly { readonly endpoint: string; readonly connections: number }[]>
  /** All calls that are known of where each call costs. */
  billedCalls(): Promise<number>
  forgetBilled(beforeMonth: string): Promise<void>
}

export function createTokens({ query, write }: Access): TokenTable {
  return {
    groups: () => query(groups),
    unusedSince: (at, usedAfter = '') => query(async (db) => (await unusedSince(db, at, usedAfter)).count),
    expiringBy: (at) => query(async (db) => (await expiringBy(db, at)).count),
    people: () => query(async (db) => (await people(db)).count),
    countFailing: () =>
      query(async (db) => (await failing(db).select(total).executeTakeFirstOrThrow()).count),
    failing: (limit) => query((db) => longestFailing(db, limit)),
    billedByCall: (months, limit) => query((db) => billedByCall(db, months, limit)),
    subscriptions: (month) => query((db) => subscriptions(db, month)),
    billedCalls: () => query(billedCalls),
    forgetBilled: (month) =>
      write(async (db) => void (await db.deleteFrom('billedCalls').where('month', '<', month).execute())),
  }
}

/** One call more of a connection; none of one that is gone. Within a write. */
export async function countBilled(db: Db, billed: Omit<BilledCalls, 'calls'>): Promise<void> {
  const { month, per, endpoint, itemId } = billed
  const row = db
    .selectFrom('connections')
    .where('itemId', '=', itemId)
    .select(({ val }) => [
      val(month).as('month'),
      val(per).as('per'),
      val(endpoint).as('endpoint'),
      'itemId',
      sql<number>`1`.as('calls'),
    ])
  await db
    .insertInto('billedCalls')
    .columns(['month', 'per', 'endpoint', 'itemId', 'calls'])
    .expression(row)
    .onConflict((conflict) => conflict.doUpdateSet((eb) => ({ calls: eb('billedCalls.calls', '+', 1) })))
    .execute()
}

/** In the order of an index that has all of these columns: nothing is sorted, and no row is read. */
function groups(db: Db): Promise<readonly TokenGroup[]> {
  const columns = ['status', 'environment', 'keyId', 'institution'] as const
  return db
    .selectFrom('connections')
    .select(columns)
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('createdAt').as('oldest')])
    .groupBy(columns)
    .execute()
}

const total = sql<number>`count(*)`.as('count')

/** In the words of its index. */
function unusedSince(db: Db, at: string, usedAfter: string) {
  return db
    .selectFrom('connections')
    .where(sql<boolean>`status not in ('expired', 'revoked')`)
    .where(sql<string>`coalesce(last_used_at, created_at)`, '<=', at)
    .where(sql<string>`coalesce(last_used_at, created_at)`, '>', usedAfter)
    .select(total)
    .executeTakeFirstOrThrow()
}

function expiringBy(db: Db, at: string) {
  return db
    .selectFrom('connections')
    .where('status', '=', 'expiring')
    .where('deadline', '<=', at)
    .select(total)
    .executeTakeFirstOrThrow()
}

function people(db: Db) {
  const persons = db.selectFrom('connections').select('person').distinct().as('persons')
  return db.selectFrom(persons).select(total).executeTakeFirstOrThrow()
}

/** In the words of its index. */
function failing(db: Db) {
  return db
    .selectFrom('connections')
    .where(sql<boolean>`sync_error is not null`)
    .where(sql<boolean>`status not in ('expired', 'revoked', 'removing')`)
}

function longestFailing(db: Db, limit: number): Promise<readonly Failing[]> {
  return failing(db)
    .select(['itemId', 'institution', 'lastSyncedAt', 'lastUsedAt'])
    .orderBy('lastSyncedAt')
    .limit(limit)
    .execute()
}

/** Those that count are found before their banks are looked up. */
function billedByCall(db: Db, months: readonly string[], limit: number) {
  const most = db
    .selectFrom('billedCalls')
    .selectAll()
    .where('per', '=', 'call')
    .where('month', 'in', months)
    .orderBy('month', 'desc')
    .orderBy('calls', 'desc')
    .limit(limit)
    .as('most')
  return db
    .selectFrom(most)
    .innerJoin('connections', 'connections.itemId', 'most.itemId')
    .selectAll('most')
    .select('institution')
    .orderBy('month', 'desc')
    .orderBy('calls', 'desc')
    .execute()
}

function subscriptions(db: Db, month: string) {
  return db
    .selectFrom('billedCalls')
    .select(({ fn }) => ['endpoint', fn.countAll<number>().as('connections')])
    .where('per', '=', 'month')
    .where('month', '=', month)
    .groupBy('endpoint')
    .execute()
}

async function billedCalls(db: Db): Promise<number> {
  const { calls } = await db
    .selectFrom('billedCalls')
    .select(({ fn }) => fn.sum<number | null>('calls').as('calls'))
    .where('per', '=', 'call')
    .executeTakeFirstOrThrow()
  return calls ?? 0
}
