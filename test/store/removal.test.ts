import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drivers } from '../../src/store/drivers/load.ts'
import type { Store } from '../../src/store/index.ts'
import type { Tombstone } from '../../src/tombstone.ts'
import { runChild } from './children/start.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import {
  account,
  balanceDay,
  connection,
  flowDay,
  flowMove,
  holding,
  liability,
  link,
  transaction,
} from './rows.ts'
import { noteRun } from './runs.ts'

const at = '2026-11-20T00:00:00.000Z'
const span = { from: '2026-11-01', to: '2026-11-30' }
const stone: Tombstone = {
  tombstoneId: 'stone-1',
  environment: 'sandbox',
  connectedAt: '2026-11-01T10:00:00.000Z',
  removedAt: at,
  reason: 'asked',
}

/** One connection with a row in every table that can name it; its texts all hold its item_id. */
async function fill(store: Store, itemId: string): Promise<void> {
  const accountId = `acc-of-${itemId}`
  const mine = { itemId, accountId }
  const name = `name of ${itemId}`
  await store.connections.insert(connection({ itemId, institution: `Bank ${itemId}` }), `sealed ${itemId}`)
  await store.accounts.replace(itemId, [account({ ...mine, name })])
  await store.holdings.replace(itemId, [holding({ ...mine, name })])
  await store.liabilities.replace(itemId, [liability(mine)])
  await store.flow.replace(itemId, span, [flowDay(mine)], [flowMove(mine)])
  await store.balanceDays.note(itemId, [balanceDay(mine)])
  const row = transaction({ transactionId: `t-of-${itemId}`, accountId, name, merchant: name })
  const updates = { upserts: [row], removed: [], since: null, cursor: `cursor of ${itemId}`, from: span.from }
  await store.ledger.apply(itemId, { ...updates, isWhole: true })
  await store.links.insert(link({ linkId: `link-of-${itemId}`, itemId, label: name }))
  const event = { type: 'account_revoked', accountId } as const
  await store.inbox.add([{ itemId, event, sentAt: at, digest: `digest ${itemId}`, receivedAt: at }])
  await store.deliveries.change(itemId, (now) => ({ ...now, url: `https://example.com/${itemId}` }))
  const sums = { expected: 1, actual: 2, opening: 0, madeAt: at, currency: 'USD' }
  await store.reconciliations.add({ ...mine, ...span, ...sums })
  await store.schedules.setFrequency(itemId, 60)
  await noteRun(store, { itemId, startedAt: at, endedAt: at, code: null, cause: 'tool' })
  await store.leases.take(itemId, `owner of ${itemId}`, 0, 1_000)
  await store.calls.take([{ key: `${itemId} /item/get`, perMinute: 5 }], Date.now())
  await store.seen.write({
    at,
    connections: [{ itemId, status: 'active', knownFrom: null, billsSince: at }],
    bills: [{ ...mine, currency: 'USD', previous: -5, amount: -6, seenOn: span.from }],
    income: [{ ...mine, date: span.from, currency: 'USD', sum: 5 }],
  })
}

/** What is on the disk of the data directory. */
function onDisk(home: string): string {
  return readdirSync(home, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n')
}

async function remove(store: Store, itemId: string): Promise<void> {
  await store.connections.beginRemoval(itemId, 'asked', at)
  await store.connections.erase(itemId, { ...stone, tombstoneId: `stone of ${itemId.length}` })
}

describe.each(driverNames)('a removal on %s', (driver) => {
  it('begins by marking the connection, ending its links and stopping who fetches it', async () => {
    const store = await freshStore({ driver })
    await fill(store, 'item-1')
    await store.links.insert(link({ linkId: 'elsewhere', itemId: null }))
    const lease = await store.leases.take('item-1', 'me', 2_000, 9_000)
    if (lease === null) throw new Error('the lease is taken')
    const begun = await store.connections.beginRemoval('item-1', 'stale', at)
    expect(begun).toMatchObject({ status: 'removing', removingSince: at, removalCause: 'stale' })
    expect(await store.links.find('link-of-item-1')).toMatchObject({ state: 'expired', finishedAt: at })
    expect(await store.links.find('elsewhere')).toMatchObject({ state: 'open' })
    const late = store.fenced(lease).accounts.replace('item-1', [account({ name: 'late' })])
    await expect(late).rejects.toMatchObject({ code: 'SYNC_TAKEN_OVER' })
    await expect(store.accounts.replace('item-1', [account()])).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
    await expect(store.leases.take('item-1', 'you', 20_000, 21_000)).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
    })
    expect(await store.connections.sealedToken('item-1')).toBe('sealed item-1')
  })

  it('that has begun stays as it began, and of nothing there is none', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    await store.connections.beginRemoval('item-1', 'stale', at)
    const again = await store.connections.beginRemoval('item-1', 'asked', '2026-12-01T00:00:00.000Z')
    expect(again).toMatchObject({ removingSince: at, removalCause: 'stale' })
    expect(await store.connections.beginRemoval('nobody', 'asked', at)).toBeNull()
  })

  it('erases only what is being removed, once, and leaves one tombstone', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    expect(await store.connections.erase('item-1', stone)).toBe(false)
    await store.connections.beginRemoval('item-1', 'asked', at)
    expect(await store.connections.erase('item-1', stone)).toBe(true)
    expect(await store.connections.erase('item-1', { ...stone, tombstoneId: 'stone-2' })).toBe(false)
    expect(await store.connections.list()).toEqual([])
    expect(await store.tombstones.list()).toEqual([stone])
    expect(await store.tombstones.count()).toBe(1)
  })

  it('leaves nothing that names it in any file, and all that names another', async () => {
    const home = freshHome()
    const store = await freshStore({ home, driver })
    const [gone, kept] = ['item-to-be-removed', 'item-that-is-kept']
    await fill(store, kept)
    const others = onDisk(home).split(kept).length
    await fill(store, gone)
    await store.links.insert(link({ linkId: 'l', replaces: gone, duplicateOf: gone }))
    await store.connections.change(kept, (row) => ({ ...row, replacedBy: gone }))
    await remove(store, gone)
    expect(await store.scrubbing.isOwed()).toBe(true)
    expect(await store.scrubbing.scrub()).toBe(true)
    expect(await store.scrubbing.isOwed()).toBe(false)
    expect(onDisk(home)).not.toContain(gone)
    expect(onDisk(home)).toContain(kept)
    expect(others).toBeGreaterThan(1)
    expect(await store.scrubbing.filesWith([gone])).toEqual([])
    expect(await store.connections.sealedToken(kept)).toBe(`sealed ${kept}`)
    expect((await store.accounts.list(kept)).length).toBe(1)
  })
})

describe('a scrub', () => {
  it('is owed until nobody reads the old state any more', async () => {
    const home = freshHome()
    const store = await freshStore({ home, busyMs: 50 })
    const { connections, scrubbing } = store
    await connections.insert(connection({ itemId: 'item-gone' }), 'sealed')
    await remove(store, 'item-gone')
    // The same library: another one in this process would know nothing of its locks.
    const reader = (await drivers['better-sqlite3']()).open(join(home, 'coffer.db'), 50)
    reader.exec('begin')
    reader.prepare('select count(*) from connections').all([])
    expect(await scrubbing.scrub()).toBe(false)
    expect(await scrubbing.isOwed()).toBe(true)
    reader.exec('rollback')
    reader.close()
    expect(await scrubbing.scrub()).toBe(true)
    expect(await scrubbing.filesWith(['item-gone'])).toEqual([])
    expect(await scrubbing.isOwed()).toBe(false)
  })

  it('does not pay for what is erased after it began', async () => {
    const store = await freshStore()
    for (const itemId of ['item-1', 'item-22'])
      await store.connections.insert(connection({ itemId }), 'sealed')
    await remove(store, 'item-1')
    const scrubbed = store.scrubbing.scrub()
    await remove(store, 'item-22')
    expect(await scrubbed).toBe(true)
    expect(await store.scrubbing.isOwed()).toBe(true)
  })
})

describe('the look into the files', () => {
  it('finds what is there, in the database and beside it, also across the pieces that are read', async () => {
    const home = freshHome()
    const { connections, scrubbing } = await freshStore({ home })
    await connections.insert(connection({ label: 'a label to find' }), 'sealed')
    expect(await scrubbing.filesWith(['a label to find'])).toContain('coffer.db-wal')
    mkdirSync(join(home, 'backups'))
    writeFileSync(join(home, 'backups', 'one.db'), `${'x'.repeat(1024 * 1024 - 3)}needle and more`)
    expect(await scrubbing.filesWith(['needle'])).toEqual([join('backups', 'one.db')])
    expect(await scrubbing.filesWith(['nothing like it', ''])).toEqual([])
  })

  it('does not free the locks that this process has on the database', async () => {
    const home = freshHome()
    const store = await freshStore({ home })
    await store.connections.insert(connection({ label: '0' }), 'sealed')
    for (let times = 0; times < 3; times++) await store.scrubbing.filesWith(['needle'])
    expect(await runChild('open-home', home, 'better-sqlite3')).toMatchObject({ code: 0 })
    // Whoever closes last takes the log away, and one that has lost its lock is not seen to be there.
    expect(readdirSync(home)).toContain('coffer.db-wal')
  })

  it('knows which texts belong to something else that is kept', async () => {
    const store = await freshStore()
    await store.connections.insert(connection({ institution: 'First Bank of Somewhere' }), 'sealed')
    await store.rules.put({ ruleId: 'r', match: "o'neil", kind: 'ignore', category: null, createdAt: at })
    expect(await store.scrubbing.isKept('First Bank')).toBe(true)
    expect(await store.scrubbing.isKept("o'neil")).toBe(true)
    expect(await store.scrubbing.isKept('Second Bank')).toBe(false)
  })
})
