import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { silentLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import type { Core } from '../src/tools/context.ts'
import { invoke } from '../src/tools/run.ts'
import { tokenAnalytics } from '../src/tools/token-analytics.ts'
import { withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { connectionOf } from './rows.ts'

const connections = 100_000
const rounds = 15

/** The tool through the door, beside one SQL count over the same rows. */
export async function measureTokenAnalytics(): Promise<Figure[]> {
  return await withHome(async (home) => {
    const store = await openStore({ home })
    await store.connections.insert(connectionOf(0), `v1.key.${'sealed'.repeat(25)}`)
    const database = new DatabaseSync(join(home, 'coffer.db'))
    fill(database)
    // Without an index: each row is looked at.
    const count = database.prepare("select count(*) from connections not indexed where status = 'active'")
    const core = async () => ({ store, now: Date.now }) as Core
    const [oursMs, floorMs]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      floorMs.push(await timed(() => count.get()))
      oursMs.push(await timed(() => asked(core)))
    }
    database.close()
    await store.close()
    const [value, floor] = [median(oursMs), median(floorMs)]
    return [{ name: 'token_analytics, 100,000 connections', unit: 'ms', value, floor, budget: 3 }]
  })
}

async function asked(core: () => Promise<Core>): Promise<void> {
  const call = { core, log: silentLog, signal: new AbortController().signal, progress: () => undefined }
  const { analytics } = await invoke(tokenAnalytics, {}, call)
  if (analytics.total_tokens !== connections) throw new Error('the tool did not count them all')
}

/** The first connection a hundred thousand times: of 300 banks and 30,000 people, some that fail, each billed. */
function fill(database: DatabaseSync): void {
  const others: Record<string, string> = {
    item_id: "'item' || printf('%033d', i)",
    institution: "'Bank number ' || (i % 300)",
    person: "'Person ' || (i % 30000)",
    status: "case i % 20 when 0 then 'needs_reauth' when 1 then 'expired' else 'active' end",
    sync_error: "case i % 50 when 0 then 'BANK_DOWN' end",
    last_used_at: "strftime('%Y-%m-%dT%H:%M:%S.000Z', '2026-01-01', '+' || i || ' minutes')",
  }
  const names = database
    .prepare("select name from pragma_table_info('connections')")
    .all()
    .map(({ name }) => String(name))
  const values = names.map((name) => others[name] ?? `first.${name}`)
  const month = new Date().toISOString().slice(0, 7)
  database.exec(`
    insert into connections (${names.join(', ')})
      with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < ${connections - 1})
      select ${values.join(', ')} from numbers, connections as first;
    insert into billed_calls (month, per, endpoint, item_id, calls)
      select '${month}', 'month', '/transactions/get', item_id, 3 from connections;
    insert into billed_calls (month, per, endpoint, item_id, calls)
      select '${month}', 'call', '/accounts/balance/get', item_id, 3 from connections
      where status = 'needs_reauth';
  `)
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
