/**
 * Syncs one connection again and again from nothing, and fetches and parses the same pages in between; prints how
 * long each took and what memory the sync holds for each row.
 *   node sync-program.ts HOME on|off BASE_URL ROUNDS ROWS
 */
import { createConnections } from '../src/connections/index.ts'
import { silentLog } from '../src/log.ts'
import { createPlaid, translateCode } from '../src/plaid/index.ts'
import { Secret } from '../src/secret.ts'
import { openStore } from '../src/store/index.ts'
import { createSync } from '../src/sync/index.ts'
import { connectionOf } from './rows.ts'

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
async function floor(): Promise<void> {
  for (let page = 0; page < Number(rows) / 500; page += 1) {
    const sync = ledger === 'on'
    const path = sync ? '/transactions/sync' : '/transactions/get'
    const body = sync ? { cursor: String(page) } : { options: { offset: page * 500 } }
    const response = await fetch(baseUrl + path, { method: 'POST', body: JSON.stringify(body) })
    await response.json()
  }
}

function heldBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const [oursMs, floorMs]: [number[], number[]] = [[], []]
let bytesPerRow = Number.NaN
for (let round = 0; round < Number(rounds); round += 1) {
  await store.connections.forgetData(itemId)
  floorMs.push(await timed(floor))
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
await store.close()
process.stdout.write(JSON.stringify({ oursMs, floorMs, bytesPerRow }))
