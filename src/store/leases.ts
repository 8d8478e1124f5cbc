import { CofferError } from '../errors.ts'
import type { Access } from './access.ts'
import { findConnection, unknownConnection } from './connections.ts'
import { prepared } from './prepared.ts'
import type { Db } from './schema.ts'
import type { Lease, Store } from './store.ts'
import { addRun } from './sync-runs.ts'

/** Nobody takes a lease for longer; one that reaches further was taken before the clock was set back. */
const longestLeaseMs = 60_000

export function createLeases({ query, write, quietly }: Access): Store['leases'] {
  return {
    take: (itemId, owner, now, until) => quietly((db) => take(db, { itemId, owner, now, until })),
    renew: ({ itemId, owner, fence }, until) =>
      quietly(async (db) => {
        const { numUpdatedRows } = await mine(db, { itemId, owner, fence }).set({ until }).executeTakeFirst()
        return numUpdatedRows > 0n
      }),
    release: (lease, run) =>
      write(async (db) => {
        const { numUpdatedRows } = await mine(db, lease).set({ owner: null, until: 0 }).executeTakeFirst()
        if (numUpdatedRows > 0n) await addRun(db, { ...run, itemId: lease.itemId })
      }),
    isTaken: (itemId, now) => query(async (db) => isHeld(await find(db, itemId), now)),
  }
}

/**
 * An access whose writes happen only while this lease is the last one of its connection. They are on the disk when it
 * is given back: until then nobody was told of them.
 */
export function behind(lease: Lease, access: Access): Access {
  return {
    ...access,
    write: (work) =>
      access.soon(async (db) => {
        await requireLease(db, lease)
        return await work(db)
      }),
  }
}

/** One that has lapsed still holds while nobody took it over. */
async function requireLease(db: Db, { itemId, owner, fence }: Lease): Promise<void> {
  const row = await find(db, itemId)
  if (row === undefined) throw unknownConnection()
  if (row.owner === owner && row.fence === fence) return
  throw new CofferError('SYNC_TAKEN_OVER', 'Another process fetches this bank now.', {
    fix: 'Ask again in a minute.',
    retryable: true,
  })
}

interface Claim {
  readonly itemId: string
  readonly owner: string
  readonly now: number
  readonly until: number
}

async function take(db: Db, { itemId, owner, now, until }: Claim): Promise<Lease | null> {
  const last = await find(db, itemId)
  if (isHeld(last, now)) return null
  const connection = await findConnection(db, itemId)
  if (connection === null || connection.status === 'removing') throw unknownConnection()
  const fence = (last?.fence ?? 0) + 1
  await db.replaceInto('syncLeases').values({ itemId, owner, fence, until }).execute()
  return { itemId, owner, fence }
}

interface Held {
  readonly owner: string | null
  readonly until: number
}

function isHeld(row: Held | undefined, now: number): boolean {
  return row !== undefined && row.owner !== null && row.until > now && row.until <= now + longestLeaseMs
}

async function find(db: Db, itemId: string) {
  const [lease] = await leasesOf(db, itemId)
  return lease
}

const leasesOf = prepared((db, itemId: string) =>
  db.selectFrom('syncLeases').selectAll().where('itemId', '=', itemId),
)

function mine(db: Db, { itemId, owner, fence }: Lease) {
  return db
    .updateTable('syncLeases')
    .where('itemId', '=', itemId)
    .where('owner', '=', owner)
    .where('fence', '=', fence)
}
