import { describe, expect, it } from 'vitest'
import type { DriverName, Handle } from '../../src/store/drivers/driver.ts'
import { newestSchema } from '../../src/store/migrations/index.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { writeOldDatabase } from './old-schema.ts'
import { holding } from './rows.ts'

const at = '2026-11-01T10:00:00.000Z'
const soon = '2026-11-20T00:00:00.000Z'

/** A database of so many migrations, opened by this version. */
async function migratedFrom(name: DriverName, count: number, fill: (handle: Handle) => void) {
  const home = freshHome()
  await writeOldDatabase(home, name, count, fill)
  return await freshStore({ home, driver: name })
}

const rows = [
  ['active', null, null, null],
  ['answered', null, null, soon],
  ['preparing', null, null, null],
  ['preparing-warned', 'CONSENT_EXPIRATION', soon, null],
  ['expiring', 'CONSENT_EXPIRATION', soon, null],
  ['needs_reauth', 'ITEM_LOGIN_REQUIRED', null, null],
] as const

function write(handle: Handle): void {
  for (const [itemId, reason, deadline, answered] of rows) {
    const status = itemId.replace('-warned', '').replace('answered', 'active')
    handle
      .prepare(
        `insert into connections values (?, 'sandbox', 'First Bank', null, null, null, ?, ?, ?, ?, 0, '["transactions"]',
         '[]', '${at}', null, '${at}', '${at}', null, null, ?)`,
      )
      .run([itemId, status, reason, deadline, answered, `sealed ${itemId}`])
  }
  handle.exec(`insert into links values ('link-1', 'active', 'sandbox', 'update', 'succeeded', 0, 'sealed', 'sealed', 0, 0,
    '[]', '[]', null, null, null, null, 0, null, '${at}', '${at}', '${at}', null, 0)`)
  handle.exec(`insert into holdings values ('active', 0, 'acc-1', 'sec-1', 'VTI', 'Fund', 'etf', '2.5', '100.10', null,
    25025, null, 'USD')`)
  handle.exec(`insert into flow_fetches values ('active', 3, '2026-10-01', '2026-10-31')`)
}

describe.each(driverNames)('a database of the second schema on %s', (name) => {
  const migrated = () => migratedFrom(name, 2, write)

  it('keeps its id, its connections and their tokens', async () => {
    const store = await migrated()
    expect(store.databaseId).toBe('id-of-old')
    const tokens = (await store.connections.sealedTokens()).map((row) => [row.itemId, row.sealedToken])
    expect(Object.fromEntries(tokens)).toEqual(
      Object.fromEntries(rows.map(([itemId]) => [itemId, `sealed ${itemId}`])),
    )
    expect(await store.connections.find('active')).toMatchObject({
      products: ['transactions'],
      lastSyncedAt: at,
      repairedAt: null,
      dirtySince: null,
      replacedBy: null,
      removingSince: null,
      removalCause: null,
      removalTriedAt: null,
    })
    expect(await store.links.find('link-1')).toMatchObject({
      state: 'succeeded',
      openedAt: null,
      rungAt: null,
    })
  })

  it('keeps what positions are worth, and takes investments for known as they were before', async () => {
    const store = await migrated()
    expect(await store.holdings.list()).toMatchObject([{ ticker: 'VTI', value: 25_025, currency: 'USD' }])
    await store.holdings.replace('active', [holding({ itemId: 'active', value: null })])
    expect(await store.holdings.list()).toMatchObject([{ ticker: 'BTC', value: null }])
    const { fetched } = await store.flow.read({ from: '2026-10-01', to: '2026-10-31' })
    expect(fetched.get('active')).toMatchObject({ revision: 3, invested: true })
  })

  it('takes what was one status apart into missing data and a warning with its consent', async () => {
    const { connections } = await migrated()
    const facets = (await connections.list()).map(
      ({ itemId, awaitingData, warning, deadline, consentExpirationTime }) => [
        itemId,
        { awaitingData, warning, deadline, consent: consentExpirationTime },
      ],
    )
    const nothing = { awaitingData: false, warning: null, deadline: null, consent: null }
    const warned = { warning: 'CONSENT_EXPIRATION', deadline: soon, consent: soon }
    expect(Object.fromEntries(facets)).toEqual({
      active: nothing,
      answered: { ...nothing, consent: soon },
      preparing: { ...nothing, awaitingData: true },
      'preparing-warned': { awaitingData: true, ...warned },
      expiring: { ...nothing, ...warned },
      needs_reauth: nothing,
    })
  })

  it('says that no consent was asked for, so that the first one told counts for no longer one', async () => {
    const { connections } = await migrated()
    expect((await connections.list()).map(({ lastCheckedAt }) => lastCheckedAt)).toEqual(rows.map(() => null))
  })

  it('has an empty inbox that takes webhooks', async () => {
    const { inbox, deliveries } = await migrated()
    const entry = { itemId: 'active', event: { type: 'new_accounts' }, sentAt: at } as const
    expect(await inbox.add([{ ...entry, digest: 'one', receivedAt: at }])).toEqual([true])
    expect(await inbox.pending(5)).toEqual([{ ...entry, id: 1 }])
    expect(await deliveries.list()).toEqual([])
  })
})

describe.each(driverNames)('a database of the seventh schema on %s', (name) => {
  it('loses the marks of bills, which told whose they were, and tells none of them again', async () => {
    const { seen } = await migratedFrom(name, 7, (handle) => {
      handle.exec('pragma foreign_keys = off')
      handle.exec(`insert into seen_connections values ('item', 'active', '${soon}', null, '2026-10-01')`)
      handle.exec(`insert into seen_bills values ('item', 'a1b2c3', '2026-11-01')`)
    })
    expect(await seen.read()).toMatchObject({ connections: [{ billsSince: '2026-11-20' }], bills: [] })
  })
})

describe.each(driverNames)('a database of the eleventh schema on %s', (name) => {
  it('takes those for asked that have told what is due', async () => {
    const { liabilities } = await migratedFrom(name, 11, (handle) => {
      handle.exec(`insert into connections (item_id, environment, institution, status, products, consented_products,
        awaiting_data, new_accounts, created_at, sealed_token)
        values ('item', 'sandbox', 'First Bank', 'active', '[]', '[]', 0, 0, '${at}', 'sealed')`)
      for (const account of ['card', 'loan'])
        handle
          .prepare('insert into liabilities (item_id, account_id, kind, currency) values (?, ?, ?, ?)')
          .run(['item', account, 'credit', 'USD'])
    })
    expect(await liabilities.told()).toEqual(new Set(['item']))
  })
})

describe.each(driverNames)('a database of a build that was never released, on %s', (name) => {
  const advice = {
    code: 'DATABASE_DAMAGED',
    message: expect.stringContaining('a build that was never released made it'),
    fix: expect.stringMatching(/^Move COFFER_HOME aside.*connected again\.$/),
  }

  it.each([
    ['lacks a column', 'alter table seen_connections drop column bills_since'],
    ['lacks a table', 'drop table seen_connections'],
  ])('says so where the next migration %s, and what to do', async (_case, otherTables) => {
    const opening = migratedFrom(name, 7, (handle) => handle.exec(otherTables))
    await expect(opening).rejects.toMatchObject(advice)
  })

  it('says so where a question finds other tables, with the same number', async () => {
    const { seen } = await migratedFrom(name, newestSchema, (handle) => handle.exec('drop table seen_bills'))
    const connections = [{ itemId: 'item', status: 'active', knownFrom: null, billsSince: '2026-10-01' }]
    await expect(seen.write({ at, connections, income: [], bills: [] })).rejects.toMatchObject(advice)
  })
})
