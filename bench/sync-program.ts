/**
 * Syncs one connection again and again from nothing, and fetches and parses the same pages in between; prints how
 * long each took and what memory the sync holds for each row. With a ledger the same pages are stored too: each row by
 * one statement of SQLite, all in one durable transaction.
 *   node sync-program.ts HOME on|off BASE_URL ROUNDS ROWS
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createConnections } from '../src/connections/index.ts'
import { silentLog } from '../src/log.ts'
import { createPlaid, translateCode } from '../src/plaid/index.ts'
import { Secret } from '../src/secret.ts'
import { openStore } from '../src/store/index.ts'
import { createSync } from '../src/sync/index.ts'
import { connectionOf, type plaidRowOf } from './rows.ts'

const [home = '', ledger = 'off', baseUrl = '', rounds = '1', rows = '1'] = process.argv.slice(2)
const store = await openStore({ home })
const connection = connectionOf(0)
const { itemId } = connection
await store.connections.insert(connection, 'sealed')
const now = Date.now
const keys = { clientId: 'bench', secret: new Secret('bench') }
const plaid = createPlaid({
  keys: async () => keys,
  environment: 'sandbox',
  baseUrl: async () => baseUrl,
  clientName: 'Bench',
  language: 'en',
  countryCodes: ['US'],
  webhookUrl: null,
  clientUserId: 'bench',
  tokenOf: async () => new Secret('access-bench'),
  budget: { take: async () => 0 },
  now,
})
const none = async () => {
  throw new Error('nothing is linked here')
}
const connections = createConnections({
  store,
  plaid,
  environment: 'sandbox',
  products: ['transactions'],
  now,
  newId: () => 'bench',
  completionUrl: none,
  linkLock: none,
  loginLock: none,
  vault: { state: none, seal: none, open: none, prepare: none },
  translateCode,
  log: silentLog,
  onFinished: () => undefined,
})

function newSync() {
  return createSync({
    store,
    connections,
    plaid,
    environment: 'sandbox',
    products: ['transactions'],
    timeZone: 'UTC',
    ledger: ledger === 'on' ? { retentionDays: 730 } : null,
    translateCode,
    now,
    log: silentLog,
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The same pages, by the same way of asking, parsed and let go. */
async function floor(take: (page: Page) => void = () => {}): Promise<void> {
  for (let page = 0; page < Number(rows) / 500; page += 1) {
    const sync = ledger === 'on'
    const path = sync ? '/transactions/sync' : '/transactions/get'
    const body = sync ? { cursor: String(page) } : { options: { offset: page * 500 } }
    const response = await fetch(baseUrl + path, { method: 'POST', body: JSON.stringify(body) })
    take(JSON.parse(await response.text()))
  }
}

interface Page {
  readonly added: readonly ReturnType<typeof plaidRowOf>[]
}

/** A table like that of the ledger, and nothing else. */
function plainLedger() {
  const database = new DatabaseSync(join(home, 'plain.db'))
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec(`create table transactions (item_id text, transaction_id text, account_id text, date text, amount integer,
    currency text, name text, merchant text, category_primary text, category_detailed text, category_confidence text,
    pending integer, pending_transaction_id text, primary key (item_id, transaction_id))`)
  database.exec('create index by_date on transactions (date)')
  const insert = database.prepare(`replace into transactions values (${Array(13).fill('?').join(', ')})`)
  const put = ({ added }: Page) => {
    for (const { personal_finance_category: category, ...row } of added) {
      const amount = Math.round(row.amount * 100)
      const about = [row.transaction_id, row.account_id, row.date, amount, row.iso_currency_code, row.name]
      const kind = [category.primary, category.detailed, category.confidence_level]
      insert.run(itemId, ...about, row.merchant_name, ...kind, 0, row.pending_transaction_id)
    }
  }
  return {
    forget: () => database.exec('delete from transactions'),
    async fill() {
      database.exec('begin immediate')
      await floor(put)
      database.exec('commit')
    },
    close: () => database.close(),
  }
}

function heldBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const [oursMs, floorMs, storedMs]: [number[], number[], number[]] = [[], [], []]
const plain = ledger === 'on' ? plainLedger() : null
let bytesPerRow = Number.NaN
for (let round = 0; round < Number(rounds); round += 1) {
  await store.connections.forgetData(itemId)
  plain?.forget()
  floorMs.push(await timed(() => floor()))
  if (plain !== null) storedMs.push(await timed(plain.fill))
  const before = heldBytes()
  const sync = newSync()
  oursMs.push(
    await timed(async () => {
      const { sources } = await sync.read({ days: 365, maxAgeMinutes: 0 })
      if (sources[0]?.source !== 'live') throw sources[0]?.error ?? new Error('nothing was fetched')
    }),
  )
  bytesPerRow = (heldBytes() - before) / Number(rows)
  await sync.close()
}
plain?.close()
await store.close()
process.stdout.write(JSON.stringify({ oursMs, floorMs, storedMs, bytesPerRow }))
