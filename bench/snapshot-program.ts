/**
 * Reads a ledger, plainly and as a snapshot; prints how long each took.
 *   node snapshot-program.ts HOME ROUNDS ROWS
 */
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { openStore } from '../src/store/index.ts'
import { createDeriver } from '../src/sync/derive.ts'
import { createFigures } from '../src/sync/figures.ts'
import { createLedgerRows } from '../src/sync/ledger-rows.ts'
import { rowsOf } from '../src/snapshot/index.ts'
import { connectionOf, dayBack, transactionOf } from './rows.ts'

const [home = '', rounds = '1', rows = '1'] = process.argv.slice(2)
const now = Date.now
const store = await openStore({ home })
const connection = connectionOf(0)
const { itemId } = connection
await store.connections.insert(connection, 'sealed')
const account = {
  accountId: 'checking',
  itemId,
  name: 'Checking',
  mask: '0000',
  type: 'depository',
  subtype: 'checking',
  currency: 'USD',
  current: 123_456,
  available: 120_000,
  limit: null,
  persistentAccountId: null,
  dataAsOf: null,
  sameAs: null,
} as const
await store.accounts.replace(itemId, [account])

// As after one long sync: the rows, and what was derived of them.
const span = { from: dayBack(Math.ceil(Number(rows) / 28) + 1), to: dayBack(0) }
const upserts = Array.from({ length: Number(rows) }, (_, index) => transactionOf(index))
const updates = { upserts, removed: [], since: null, cursor: 'c', from: span.from, isWhole: true }
await store.ledger.apply(itemId, updates)
const derived = rowsOf(upserts, [], [account])
await createDeriver(store, now).add(itemId, { rows: derived, span, wanted: span })

const window = { ...span, days: Math.ceil(Number(rows) / 28), time_zone: 'UTC' }
const deriver = createDeriver(store, now, createLedgerRows(store, now, 'UTC'))
const figures = createFigures(store, () => store.connections.list(), deriver.judged)
const database = new DatabaseSync(join(home, 'coffer.db'))
const everyRow = database.prepare('select * from transactions where date between ? and ?')

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const [oursMs, judgedMs, floorMs]: [number[], number[], number[]] = [[], [], []]
for (let round = 0; round < Number(rounds); round += 1) {
  floorMs.push(await timed(() => everyRow.all(span.from, span.to)))
  oursMs.push(await timed(() => figures.snapshot(window)))
  judgedMs.push(await timed(() => deriver.allJudged(span)))
}
database.close()
await store.close()
process.stdout.write(JSON.stringify({ oursMs, judgedMs, floorMs }))
