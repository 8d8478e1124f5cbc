import { calm, type HostState } from '../host-state.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'

/** Same contract as HostMemory in src/plaid. */
export interface HostTable {
  read(host: string): Promise<HostState>
  /** Reads, changes and writes in one transaction; the same state back writes nothing. `Store.version` stays. */
  change(host: string, change: (now: HostState) => HostState): Promise<HostState>
}

export function createHosts({ read, quietly }: Access): HostTable {
  return {
    read: (host) => read((db) => find(db, host)),
    change: (host, change) =>
      quietly(async (db) => {
        const before = await find(db, host)
        const after = change(before)
        if (after !== before) await replace(db, host, after)
        return after
      }),
  }
}

async function find(db: Db, host: string): Promise<HostState> {
  const row = await db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst()
  if (row === undefined) return calm
  const { openUntil, pauses, code, message } = row
  const calls = await db
    .selectFrom('hostCalls')
    .select(['at', 'lane', 'failed'])
    .where('host', '=', host)
    .orderBy('at')
    .execute()
  return {
    calls: calls.map((call) => ({ ...call, failed: call.failed === 1 })),
    openUntil,
    pauses,
    code,
    message,
  }
}

/** One that is well again leaves nothing. */
async function replace(db: Db, host: string, { calls, ...state }: HostState): Promise<void> {
  await db.deleteFrom('hosts').where('host', '=', host).execute()
  if (calls.length === 0 && state.openUntil === null) return
  await db
    .insertInto('hosts')
    .values({ host, ...state })
    .execute()
  if (calls.length === 0) return
  const rows = calls.map((call) => ({ ...call, failed: call.failed ? 1 : 0, host }))
  await db.insertInto('hostCalls').values(rows).execute()
}
