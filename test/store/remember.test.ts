import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createAccess } from '../../src/store/access.ts'
import { remember } from '../../src/store/remember.ts'
import { openStore } from '../../src/store/index.ts'
import type { Db } from '../../src/store/schema.ts'
import { driverNames, freshHome } from './fixtures.ts'
import { account, connection } from './rows.ts'

describe('remember', () => {
  it('loads again only when the version is another', async () => {
    let [version, loads] = ['1', 0]
    const list = remember(
      async () => version,
      async () => [++loads],
    )
    expect([await list(), await list()]).toEqual([[1], [1]])
    version = '2'
    expect([await list(), await list()]).toEqual([[2], [2]])
  })

  it('takes what was written while it loaded for old', async () => {
    let version = 1
    const list = remember(
      async () => String(version),
      async () => [version++],
    )
    expect([await list(), await list()]).toEqual([[1], [2]])
  })

  it('does not keep a list that is too long', async () => {
    let loads = 0
    const list = remember(
      async () => 'same',
      async () => (loads++, Array.from({ length: 2_001 }, () => 0)),
    )
    await list()
    await list()
    expect(loads).toBe(2)
  })

  it('hands on a failure, and forgets it', async () => {
    let fails = true
    const list = remember(
      async () => 'same',
      async () => {
        if (fails) throw new Error('busy')
        return ['row']
      },
    )
    await expect(list()).rejects.toThrow('busy')
    fails = false
    expect(await list()).toEqual(['row'])
  })
})

describe('the version', () => {
  it('is looked at once for all who ask at once, and after they have', async () => {
    let written = 0
    const gauge = {
      version: () => String(written),
      written: () => written,
      advance: () => undefined,
      inTransaction: () => false,
      waits: () => undefined,
      syncs: () => undefined,
    }
    const looks = vi.spyOn(gauge, 'version')
    const patience = { now: Date.now, random: Math.random, translate: (error: unknown) => error }
    const { version } = createAccess({} as Db, gauge, patience)
    const asked = [version(), version()]
    written = 1
    expect(await Promise.all(asked)).toEqual(['1', '1'])
    expect(looks).toHaveBeenCalledTimes(1)
    written = 2
    expect(await version()).toBe('2')
  })
})

describe.each(driverNames)('lists on %s', (driver) => {
  it('show what another store on the same database has written', async () => {
    const home = join(freshHome(), 'data')
    const [ours, theirs] = [await openStore({ home, driver }), await openStore({ home, driver })]
    expect(await ours.connections.list()).toEqual([])
    await theirs.connections.insert(connection(), 'sealed')
    expect(await ours.connections.list()).toHaveLength(1)
    expect(await ours.accounts.list()).toEqual([])
    await theirs.accounts.replace('item-1', [account()])
    expect(await ours.accounts.list()).toHaveLength(1)
    await theirs.connections.change('item-1', (row) => ({ ...row, status: 'needs_reauth' }))
    expect((await ours.connections.list())[0]?.status).toBe('needs_reauth')
    await Promise.all([ours.close(), theirs.close()])
  })

  it('show what this store has written itself', async () => {
    const store = await openStore({ home: join(freshHome(), 'data'), driver })
    await store.connections.insert(connection(), 'sealed')
    expect(await store.connections.list()).toHaveLength(1)
    await store.connections.remove('item-1')
    expect(await store.connections.list()).toEqual([])
    await store.close()
  })
})
