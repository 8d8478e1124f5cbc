import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit-entry.ts'
import { drivers } from '../../src/store/drivers/load.ts'
import { openStore } from '../../src/store/index.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { connection, link } from './rows.ts'

const day = 24 * 60 * 60_000

function entry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return { at: iso(0), actor: 'tool', name: 'list_connections', outcome: 'ok', itemIds: [], ...changes }
}

function iso(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * day).toISOString()
}

describe.each(driverNames)('the audit log on %s', (driver) => {
  it('is read newest first, by time, by connection and no further than wanted', async () => {
    const { audit } = await freshStore({ driver })
    await audit.add([
      entry({ at: iso(3), name: 'old', itemIds: ['item-1', 'item-2'] }),
      entry({ at: iso(1), name: 'new', outcome: 'PLAID_DOWN', itemIds: ['item-2'] }),
    ])
    const names = async (wanted: object) =>
      (await audit.list({ limit: 9, ...wanted })).map(({ name }) => name)
    expect(await names({})).toEqual(['new', 'old'])
    expect(await names({ limit: 1 })).toEqual(['new'])
    expect(await names({ from: iso(2) })).toEqual(['new'])
    expect(await names({ to: iso(2) })).toEqual(['old'])
    const [one, two] = [await audit.hashOf('item-1'), await audit.hashOf('item-2')]
    expect(await names({ connection: one })).toEqual(['old'])
    expect(await names({ connection: two })).toEqual(['new', 'old'])
    const [, row] = await audit.list({ limit: 9 })
    expect(row).toEqual({
      ...entry({ at: row?.at ?? '', name: 'old' }),
      itemIds: undefined,
      auditId: 1,
      connections: [one, two],
      statusBefore: null,
      statusAfter: null,
    })
  })

  it('holds no id of a connection, and hashes it otherwise in each database', async () => {
    const home = freshHome()
    const [here, there] = [await openStore({ home, driver }), await freshStore({ driver })]
    for (const { audit } of [here, there]) await audit.add([entry({ itemIds: ['item-of-a-bank'] })])
    const hashes = [await here.audit.hashOf('item-of-a-bank'), await there.audit.hashOf('item-of-a-bank')]
    expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), expect.stringMatching(/^[0-9a-f]{16}$/)])
    expect(new Set(hashes).size).toBe(2)
    await here.close()
    expect(readFileSync(join(home, 'coffer.db'), 'latin1')).not.toContain('item-of-a-bank')
  })

  it('hashes a connection alike each time, however many there are', async () => {
    const { audit } = await freshStore({ driver })
    const itemIds = Array.from({ length: 1_500 }, (_, index) => `item-${index}`)
    for (let time = 0; time < 2; time++) await audit.add([entry({ itemIds })])
    const [first, second] = await audit.list({ limit: 9 })
    expect(new Set(first?.connections).size).toBe(itemIds.length)
    expect(first?.connections).toEqual(second?.connections)
    expect(first?.connections.at(-1)).toBe(await audit.hashOf('item-1499'))
  })

  it('is only added to, whoever writes', async () => {
    const home = freshHome()
    const store = await openStore({ home, driver })
    await store.audit.add([entry({ at: iso(89), name: 'kept' }), entry({ at: iso(91), name: 'over' })])
    await store.close()
    const handle = (await drivers[driver]()).open(join(home, 'coffer.db'), 0)
    const rows = () => handle.prepare('select name from audit').all([])
    for (const statement of [
      "update audit set outcome = 'ok'",
      'delete from audit',
      "delete from audit where name = 'kept'",
      "replace into audit (audit_id, at, actor, name, outcome, connections) values (1, '2000', '', '', '', '')",
    ]) {
      expect(() => handle.exec(statement)).toThrow(/the audit log is/)
      expect(rows()).toHaveLength(2)
    }
    handle.close()
  })

  it('forgets what is older than 90 days, however far ahead a clock is', async () => {
    const { audit } = await freshStore({ driver })
    await audit.add([
      entry({ at: iso(91), name: 'over' }),
      entry({ at: iso(89), name: 'kept' }),
      entry({ name: 'new' }),
    ])
    for (const ahead of [0, 400]) {
      await audit.prune(iso(90 - ahead))
      expect((await audit.list({ limit: 9 })).map(({ name }) => name)).toEqual(['new', 'kept'])
    }
  })

  it('makes nobody read anew, in this copy or another', async () => {
    const home = freshHome()
    const [one, other] = [await freshStore({ driver, home }), await freshStore({ driver, home })]
    await one.connections.insert(connection(), 'sealed')
    const before = [await one.version(), await other.version()]
    await one.audit.add([entry({ itemIds: ['item-1'] })])
    await one.audit.prune(iso(90))
    expect([await one.version(), await other.version()]).toEqual(before)
    await one.connections.change('item-1', (row) => ({ ...row, label: 'Mine' }))
    expect([await one.version(), await other.version()]).not.toEqual(before)
  })

  it('is pruned once another process has written', async () => {
    const home = freshHome()
    const { audit } = await freshStore({ driver, home, busyMs: 1 })
    await audit.add([entry({ at: iso(91) })])
    const handle = (await drivers[driver]()).open(join(home, 'coffer.db'), 0)
    handle.exec('begin immediate')
    setTimeout(() => handle.exec('commit'), 20)
    await audit.prune(iso(90))
    expect(await audit.list({ limit: 9 })).toEqual([])
    handle.close()
  })

  it('waits for nobody, and what does wait goes on as ever', async () => {
    const home = freshHome()
    const store = await freshStore({ driver, home, busyMs: 300 })
    const handle = (await drivers[driver]()).open(join(home, 'coffer.db'), 0)
    handle.exec('begin immediate')
    const begun = performance.now()
    await expect(store.audit.add([entry()])).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    expect(performance.now() - begun).toBeLessThan(250)
    handle.exec('commit')
    await store.audit.add([entry()])
    handle.exec('begin immediate')
    const late = performance.now()
    const insert = store.connections.insert(connection(), 'sealed')
    // The driver waits without letting go: it is over before this timer is.
    setTimeout(() => handle.exec('commit'), 100)
    await insert
    expect(performance.now() - late).toBeGreaterThan(280)
    handle.close()
  })
})

describe.each(driverNames)('a connection whose status moves, on %s', (driver) => {
  async function moves(store: Awaited<ReturnType<typeof freshStore>>) {
    const rows = await store.audit.list({ limit: 20 })
    return rows
      .toReversed()
      .map((row) => [row.actor, row.name, row.outcome, row.statusBefore, row.statusAfter])
  }

  it('is in the log from its beginning to its end, with what moved it', async () => {
    const store = await freshStore({ driver })
    const { connections } = store
    await store.links.insert(link())
    await connections.insert(connection({ status: 'preparing' }), 'sealed')
    const cause = { actor: 'webhook', name: 'error' } as const
    const broken = { status: 'needs_reauth', reason: 'ITEM_LOGIN_REQUIRED' } as const
    await connections.change('item-1', (row) => ({ ...row, ...broken }), cause)
    await connections.change('item-1', (row) => ({ ...row, label: 'No move' }), cause)
    await connections.beginRemoval('item-1', 'asked', iso(0))
    const tombstone = {
      tombstoneId: 't',
      environment: 'sandbox',
      connectedAt: iso(1),
      removedAt: iso(0),
    } as const
    await connections.erase('item-1', { ...tombstone, reason: 'asked' })
    expect(await moves(store)).toEqual([
      ['coffer', 'connected', 'ok', null, 'preparing'],
      ['webhook', 'error', 'ITEM_LOGIN_REQUIRED', 'preparing', 'needs_reauth'],
      ['coffer', 'removal_asked', 'ok', 'needs_reauth', 'removing'],
      ['coffer', 'removed', 'ok', 'removing', null],
    ])
    const hashes = (await store.audit.list({ limit: 20 })).flatMap((row) => row.connections)
    expect(new Set(hashes)).toEqual(new Set([await store.audit.hashOf('item-1')]))
  })

  it('that does not move after all leaves nothing', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    const fail = () => {
      throw new RangeError('no')
    }
    await expect(store.connections.change('item-1', fail)).rejects.toThrow('no')
    await expect(store.connections.insert(connection(), 'sealed')).rejects.toThrow('SQLite refused')
    await store.connections.remove('item-2')
    expect(await moves(store)).toHaveLength(1)
  })
})
