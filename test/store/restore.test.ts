import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../src/model.ts'
import { openStore } from '../../src/store/index.ts'
import { newestSchema } from '../../src/store/migrations/index.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { writeOldDatabase } from './old-schema.ts'
import { at, begun, end, later, lived, none, remove, rule } from './restoring.ts'
import { account, connection, flowDay, transaction } from './rows.ts'

describe.each(driverNames)('a restore on %s', (driver) => {
  it('takes the household back, under the hands of a copy that runs, and keeps what was there', async () => {
    const { home, options, store, path } = await lived(driver)
    await store.accounts.replace('item-1', [account({ name: 'as it is' })])
    await store.rules.remove('coffee', '2026-11-10T10:00:00.000Z')
    const version = await store.version()
    const restoring = await begun({ ...options, file: null })
    expect(restoring).toMatchObject({ file: path, schema: newestSchema })
    const { kept, decision } = await restoring.apply(none)
    await restoring.end()
    expect(decision).toMatchObject({ restored: [{ itemId: 'item-1' }], leftOut: [], since: [] })
    expect(await store.version()).not.toBe(version)
    expect(await store.accounts.list()).toMatchObject([{ name: 'as it was' }])
    expect(await store.rules.list()).toEqual([rule])
    expect(await store.rules.changedAt()).toBe(new Date(later).toISOString())
    // It is asked at once how the login stands, and fetched anew.
    expect(await store.connections.find('item-1')).toEqual(
      connection({ lastCheckedAt: null, dirtySince: new Date(later).toISOString() }),
    )
    expect(readdirSync(join(home, 'replaced')).map((name) => join(home, 'replaced', name))).toEqual([kept])
    expect(statSync(kept ?? '').mode & 0o777).toBe(0o600)
    expect(existsSync(join(home, 'restoring'))).toBe(false)
    const back = await begun({ ...options, file: kept?.split('/').at(-1) ?? '' })
    await back.apply(none)
    expect(await store.accounts.list()).toMatchObject([{ name: 'as it is' }])
    expect(await store.rules.list()).toEqual([])
  })

  it.each([2, 7])('brings one of schema %s to this one, in a copy of its own', async (schema) => {
    const old = freshHome()
    await writeOldDatabase(old, driver, schema)
    const file = join(old, 'coffer.db')
    const before = readFileSync(file)
    const home = freshHome()
    const restoring = await begun({ home, driver, file })
    expect(restoring).toMatchObject({ schema, live: null })
    expect(await restoring.apply(none)).toMatchObject({ kept: null })
    await restoring.end()
    expect((await freshStore({ home, driver })).databaseId).toBe('id-of-old')
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(old)).toEqual(['coffer.db'])
  })

  it('puts one in the place of a database that is damaged or gone', async () => {
    const { home, options, store, path } = await lived(driver)
    const { databaseId } = store
    await store.close()
    writeFileSync(join(home, 'coffer.db'), 'garbage'.repeat(1_000))
    await expect(openStore(options)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    const restoring = await begun({ ...options, file: null })
    expect(restoring).toMatchObject({ file: path, live: null })
    await restoring.apply(none)
    await restoring.end()
    const again = await freshStore(options)
    expect(again.databaseId).toBe(databaseId)
    expect(await again.accounts.list()).toMatchObject([{ name: 'as it was' }])
    expect(statSync(join(home, 'coffer.db')).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(home, 'quarantine'))).toHaveLength(1)
  })
})

it('marks accounts that several logins show in the same transaction, so that a kill leaves no half', async () => {
  const { options, store } = await lived()
  await store.accounts.replace('item-1', [account({ name: 'as it is' })])
  const cut = () => {
    throw new RangeError('cut off')
  }
  const restoring = await begun({ ...options, file: null })
  await expect(restoring.apply({ ...none, mark: cut })).rejects.toThrow('cut off')
  expect(await store.accounts.list()).toMatchObject([{ name: 'as it is' }])
  await restoring.end()
  const mark = (accounts: readonly Account[]) => accounts.map((row) => ({ ...row, sameAs: 'other' }))
  await (await begun({ ...options, file: null }).then(end))({ ...none, mark })
  expect(await store.accounts.list()).toMatchObject([{ name: 'as it was', sameAs: 'other' }])
})

describe('what does not go back in time', () => {
  it('a connection that was removed since, by whom it is known only when it was made', async () => {
    const { options, store } = await lived()
    await remove(store, 'item-1')
    const restoring = await begun({ ...options, file: null })
    const { decision } = await restoring.apply(none)
    expect(decision).toMatchObject({
      restored: [],
      leftOut: [{ connection: { itemId: 'item-1' }, why: 'removed' }],
    })
    expect([await store.connections.list(), await store.accounts.list()]).toEqual([[], []])
    expect(await store.tombstones.count()).toBe(1)
  })

  it.each(['removing', 'revoked'] as const)('one that is %s', async (why) => {
    const { options, store } = await lived()
    await store.connections.forgetData('item-1')
    await store.connections.change('item-1', (row) => ({ ...row, status: why, label: 'now' }))
    const { decision } = await (await begun({ ...options, file: null })).apply(none)
    expect(decision).toMatchObject({ restored: [], leftOut: [{ why }] })
    expect(await store.connections.find('item-1')).toMatchObject({ status: why, label: 'now' })
    expect(await store.accounts.list()).toEqual([])
  })

  it('that another has taken its place, though the backup knows nothing of it', async () => {
    const { options, store, path: older } = await lived()
    const since = '2026-11-02T10:00:00.000Z'
    await store.connections.insert(connection({ itemId: 'item-2', createdAt: since }), 'sealed since')
    await store.connections.change('item-1', (row) => ({ ...row, status: 'expired', replacedBy: 'item-2' }))
    const { path } = await store.backups.make('asked')
    await (await begun({ ...options, file: older }).then(end))(none)
    expect(await store.connections.find('item-1')).toMatchObject({ status: 'active', replacedBy: 'item-2' })
    await remove(store, 'item-2', since)
    await (await begun({ ...options, file: path }).then(end))(none)
    expect(await store.connections.find('item-1')).toMatchObject({ replacedBy: null })
  })

  it('one that Plaid knew no more, and another has taken the place of', async () => {
    const { options, store } = await lived()
    await store.connections.remove('item-1')
    const { decision } = await (await begun({ ...options, file: null }).then(end))(none)
    expect(decision).toMatchObject({ restored: [], leftOut: [{ why: 'replaced' }] })
    expect([await store.connections.list(), await store.tombstones.count()]).toEqual([[], 0])
  })

  it('the audit log, which has what a restore moves', async () => {
    const { options, store, path } = await lived()
    await store.connections.change('item-1', (row) => ({ ...row, status: 'needs_reauth' }))
    for (let times = 0; times < 2; times += 1) await (await begun({ ...options, file: path }).then(end))(none)
    const rows = await store.audit.list({ limit: 20 })
    expect(rows.filter(({ name }) => name === 'restored')).toMatchObject([
      {
        actor: 'coffer',
        name: 'restored',
        at: new Date(later).toISOString(),
        connections: [await store.audit.hashOf('item-1')],
        statusBefore: 'needs_reauth',
        statusAfter: 'active',
      },
    ])
  })

  it('one that was connected since stays, with its token and what is known of it', async () => {
    const { options, store } = await lived()
    await store.connections.insert(connection({ itemId: 'item-2' }), 'sealed since')
    await store.accounts.replace('item-2', [account({ itemId: 'item-2', accountId: 'acc-2' })])
    const { decision } = await (await begun({ ...options, file: null })).apply(none)
    expect(decision).toMatchObject({ since: [{ itemId: 'item-2' }] })
    expect(await store.connections.sealedToken('item-2')).toBe('sealed since')
    expect(await store.accounts.list('item-2')).toHaveLength(1)
  })

  it('a token that opens; one that does not is taken from the backup, with its key', async () => {
    const { options, store } = await lived()
    await store.sealed.replace(
      {
        table: 'connections',
        column: 'sealed_token',
        row: 'item-1',
        environment: 'sandbox',
        sealed: 'sealed then',
      },
      'sealed now',
    )
    await (await begun({ ...options, file: null }).then(end))({ tokens: [], keys: [] })
    expect(await store.connections.sealedToken('item-1')).toBe('sealed now')
    await (await begun({ ...options, file: null }).then(end))({ tokens: ['item-1'], keys: [] })
    expect(await store.connections.sealedToken('item-1')).toBe('sealed then')
  })

  it('keys: the active one stays, one of the backup only opens, one that was retired opens again', async () => {
    const { options, store } = await lived()
    const key = { state: 'active', createdAt: at, canary: 'canary', fingerprint: 'f', kdf: null } as const
    await store.keys.insert({ ...key, keyId: 'k-then' })
    const { name } = await store.backups.make('asked')
    await store.keys.activate({ ...key, keyId: 'k-now', createdAt: new Date(later).toISOString() }, 'k-then')
    await store.keys.retire('k-then')
    await store.keys.forget('k-then')
    await (await begun({ ...options, file: name }).then(end))(none)
    expect((await store.keys.list()).map(({ keyId, state }) => [keyId, state])).toEqual([
      ['k-then', 'retired'],
      ['k-now', 'active'],
    ])
    await (await begun({ ...options, file: name }).then(end))({ tokens: [], keys: ['k-then'] })
    expect(await store.keys.list()).toMatchObject([
      { keyId: 'k-then', state: 'decrypt-only', canary: 'canary' },
      { keyId: 'k-now', state: 'active' },
    ])
  })

  it('a fetch that is under way writes nothing more, and none gets the number of another', async () => {
    const { options, store } = await lived()
    const span = { from: '2026-10-01', to: '2026-10-31' }
    const fetched = async () => (await store.flow.read(span)).fetched.get('item-1')?.revision ?? 0
    await store.flow.replace('item-1', span, [flowDay()], [])
    const { name } = await store.backups.make('asked')
    for (let times = 0; times < 4; times += 1) await store.flow.replace('item-1', span, [flowDay()], [])
    const before = await fetched()
    const lease = await store.leases.take('item-1', 'me', later, later + 30_000)
    if (lease === null) throw new Error('nobody else has it')
    await (await begun({ ...options, file: name }).then(end))(none)
    const late = store.fenced(lease).accounts.replace('item-1', [account({ name: 'late' })])
    await expect(late).rejects.toMatchObject({ code: 'SYNC_TAKEN_OVER' })
    expect(await fetched()).toBeGreaterThan(before)
    expect(await store.leases.take('item-1', 'other', later, later + 30_000)).toMatchObject({
      fence: lease.fence + 2,
    })
  })

  it('the ledger goes back with its cursor', async () => {
    const { options, store } = await lived()
    const page = {
      cursor: 'c1',
      since: null,
      from: '2026-01-01',
      isWhole: true,
      upserts: [transaction()],
      removed: [],
    }
    await store.ledger.apply('item-1', page)
    const { name } = await store.backups.make('asked')
    await store.ledger.apply('item-1', { ...page, cursor: 'c2', upserts: [] })
    await (await begun({ ...options, file: name }).then(end))(none)
    expect((await store.ledger.cursors()).get('item-1')?.cursor).toBe('c1')
    expect(await store.ledger.rows({ from: '2026-01-01', to: '2026-12-31' })).toHaveLength(1)
  })
})
