import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { acquireLock } from '../src/lock.ts'
import type { Account, Connection } from '../src/model.ts'
import { openStore, type Store } from '../src/store/index.ts'
import { createVault, osKeychain } from '../src/vault/index.ts'
import { coffer, settingsOf, withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { connectionOf } from './rows.ts'
import { type StdioServer, withServer } from './stdio-server.ts'

const rounds = 200
const constantServer = join(import.meta.dirname, 'constant-server.mjs')
const page = z.looseObject({ structuredContent: z.looseObject({ next_cursor: z.string().optional() }) })

/** All pages of list_connections with 100 connections, beside a tool that returns the same bytes as constants. */
export async function measureListConnections(): Promise<Figure[]> {
  return await withHome(async (home) => {
    await fill(home)
    // While this process holds the lock, nothing works behind the copy that is measured.
    const lock = await acquireLock(join(home, 'leader.lock'))
    try {
      return [await withServer(coffer, settingsOf(home), async (ours) => await besideConstants(ours, home))]
    } finally {
      lock?.release()
    }
  })
}

async function besideConstants(ours: StdioServer, home: string): Promise<Figure> {
  const recorded = join(home, 'pages.json')
  writeFileSync(recorded, JSON.stringify(Object.fromEntries(await pagesOf(ours))))
  return await withServer([constantServer, recorded], {}, async (constant) => await compared(ours, constant))
}

async function compared(ours: StdioServer, constant: StdioServer): Promise<Figure> {
  const [oursMs, floorMs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    floorMs.push(await timed(constant))
    oursMs.push(await timed(ours))
  }
  // What is compiled while it is measured is no figure of either.
  const [value, floor] = [oursMs, floorMs].map((all) => median(all.slice(rounds / 2)))
  if (value === undefined || floor === undefined) throw new Error('nothing was measured')
  return { name: 'list_connections, 100 connections', unit: 'ms', value, floor, budget: 2 }
}

async function timed(server: StdioServer): Promise<number> {
  const start = performance.now()
  await pagesOf(server)
  return performance.now() - start
}

/** Each page's result by the cursor that asked for it. */
async function pagesOf(server: StdioServer): Promise<[string, unknown][]> {
  const pages: [string, unknown][] = []
  let cursor: string | undefined
  do {
    const args = cursor === undefined ? {} : { cursor }
    const result = page.parse(
      await server.request('tools/call', { name: 'list_connections', arguments: args }),
    )
    pages.push([cursor ?? '', result])
    cursor = result.structuredContent.next_cursor
  } while (cursor !== undefined)
  return pages
}

async function fill(home: string): Promise<void> {
  const store = await openStore({ home, now: Date.now })
  await prepareVault(store, join(home, 'bench.key'))
  for (let index = 0; index < 100; index += 1) {
    const connection = connectionOf(index)
    await store.connections.insert(connection, 'sealed')
    await store.accounts.replace(connection.itemId, [accountOf(connection, 1), accountOf(connection, 2)])
  }
  await store.close()
}

/** A household that has connections has a key too. */
async function prepareVault({ databaseId, keys, sealed }: Store, path: string): Promise<void> {
  const vault = createVault({
    key: { source: 'file', path },
    databaseId,
    keys,
    sealed,
    hasSealedRows: async () => false,
    lock: (work) => work(),
    keychain: osKeychain(),
    now: Date.now,
  })
  await vault.prepare()
}

function accountOf({ itemId, dataAsOf }: Connection, index: number): Account {
  return {
    accountId: `account${index}${itemId.slice(-29)}`,
    itemId,
    name: `Account number ${index}`,
    mask: `000${index}`,
    type: 'depository',
    subtype: 'checking',
    currency: 'USD',
    current: 123_456,
    available: 120_000,
    limit: null,
    persistentAccountId: null,
    dataAsOf,
    sameAs: null,
  }
}
