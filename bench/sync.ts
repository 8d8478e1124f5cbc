import { createServer } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { plaidRowOf } from './rows.ts'

const rows = 10_000
const pageSize = 500
const rounds = 9
const program = join(import.meta.dirname, 'sync-program.ts')

/**
 * A sync of 10,000 transactions beside fetching and parsing the same pages. With a ledger, beside storing them too, since
 * nothing that keeps rows can be as fast as what lets them go.
 */
export async function measureSync(): Promise<Figure[]> {
  return await withPages(async (baseUrl) => {
    const measured: Figure[] = []
    for (const way of ['off', 'on'] as const) {
      const { oursMs, floorMs, storedMs, bytesPerRow } = await measure(way, baseUrl)
      const about = { unit: 'ms', value: median(oursMs) } as const
      const name = `sync of 10,000 transactions, ledger ${way}`
      const floor = median(way === 'on' ? storedMs : floorMs)
      measured.push({ name, ...about, floor, budget: 1.5 })
      if (way === 'on')
        measured.push({ name: '  beside what stores nothing', ...about, floor: median(floorMs) })
      measured.push({ name: '  memory for each row', unit: 'kB', value: bytesPerRow / 1000, budget: 1 })
    }
    return measured
  })
}

interface Measured {
  readonly oursMs: readonly number[]
  readonly floorMs: readonly number[]
  /** With the rows stored. */
  readonly storedMs: readonly number[]
  readonly bytesPerRow: number
}

/** In a process of its own, so that the server of the pages takes no time of it. */
async function measure(way: 'off' | 'on', baseUrl: string): Promise<Measured> {
  return await withHome(async (home) => {
    const args = ['--expose-gc', program, home, way, baseUrl, String(rounds), String(rows)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    if (code !== 0) throw new Error(`the program ended with ${String(code)}`)
    return JSON.parse(said)
  })
}

/** Answers whatever a sync asks, with pages that were written once. */
async function withPages<T>(work: (baseUrl: string) => Promise<T>): Promise<T> {
  const pages = Array.from({ length: rows / pageSize }, (_, page) =>
    Array.from({ length: pageSize }, (_, at) => plaidRowOf(page * pageSize + at)),
  )
  const sync = pages.map((added, page) => JSON.stringify(syncPage(added, page, page + 1 < pages.length)))
  const get = pages.map((transactions) => JSON.stringify({ ...head, transactions, total_transactions: rows }))
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.setHeader('content-type', 'application/json')
      response.end(answerTo(request.url ?? '', JSON.parse(body)))
    })
  })
  const answerTo = (path: string, body: { cursor?: string; options?: { offset?: number } }) => {
    if (path === '/transactions/sync') return sync[Number(body.cursor ?? 0)] ?? sync[0]
    if (path === '/transactions/get') return get[(body.options?.offset ?? 0) / pageSize]
    return path === '/item/get' ? JSON.stringify(item) : JSON.stringify(head)
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  try {
    return await work(`http://127.0.0.1:${address.port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const account = {
  account_id: 'checking',
  name: 'Checking',
  mask: '0000',
  type: 'depository',
  subtype: 'checking',
  balances: { current: 1234.56, available: 1200, limit: null, iso_currency_code: 'USD' },
}
const head = { accounts: [account], request_id: 'bench' }
const item = {
  item: {
    item_id: 'bench',
    institution_id: 'ins_1',
    institution_name: 'Bench Bank',
    error: null,
    products: ['transactions'],
    billed_products: ['transactions'],
    consented_products: [],
    consent_expiration_time: null,
    webhook: null,
  },
  status: null,
  request_id: 'bench',
}

function syncPage(added: readonly object[], page: number, has_more: boolean) {
  const about = { transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE', has_more }
  return { ...head, ...about, added, modified: [], removed: [], next_cursor: String(page + 1) }
}
