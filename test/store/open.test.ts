import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Handle } from '../../src/store/drivers/driver.ts'
import { drivers } from '../../src/store/drivers/load.ts'
import { openStore } from '../../src/store/index.ts'
import { driversWith } from './faulty-driver.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

describe.each(driverNames)('opening a store on %s', (driver) => {
  it('makes a database once, with an id that stays', async () => {
    const home = freshHome()
    const first = await openStore({ home, driver, newId: () => 'id-of-first' })
    await first.connections.insert(connection(), 'sealed')
    await first.close()
    const second = await freshStore({ home, driver, newId: () => 'id-of-second' })
    expect(second.databaseId).toBe('id-of-first')
    expect(await second.connections.list()).toStrictEqual([connection()])
    expect(readFileSync(join(home, 'database.id'), 'utf8')).toBe('id-of-first\n')
  })

  it('gives every database an id of its own', async () => {
    const [one, other] = [await freshStore({ driver }), await freshStore({ driver })]
    expect(one.databaseId).not.toBe(other.databaseId)
  })

  it('says what it runs on', async () => {
    const home = freshHome()
    const { about } = await freshStore({ home, driver })
    expect(about).toEqual({
      driver,
      version: expect.stringMatching(/^3\.\d+\.\d+$/),
      path: join(home, 'coffer.db'),
    })
  })

  it.each(['with space', 'übung 银行 🏦', "it's", '%41?mode=ro', 'file:x', 'l'.repeat(120)])(
    'takes a directory called %s',
    async (name) => {
      const home = join(dirname(freshHome()), name, 'l'.repeat(120))
      await (await openStore({ home, driver })).close()
      expect(readdirSync(home).toSorted()).toEqual([
        'coffer.db',
        'database.id',
        'migrate.lock',
        'running.lock',
      ])
    },
  )

  it('commits to the disk, wipes what is deleted and distrusts the schema', async () => {
    const handles = new Set<Handle>()
    await freshStore({ driver, drivers: driversWith((_sql, handle) => void handles.add(handle)) })
    const [handle] = handles
    const pragma = (name: string) => Object.values(handle?.prepare(`pragma ${name}`).all([])[0] ?? {})[0]
    expect({
      journal: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      foreignKeys: pragma('foreign_keys'),
      secureDelete: pragma('secure_delete'),
      trustedSchema: pragma('trusted_schema'),
      journalLimit: pragma('journal_size_limit'),
      busy: pragma('busy_timeout'),
    }).toEqual({
      journal: 'wal',
      synchronous: 2,
      foreignKeys: 1,
      secureDelete: 1,
      trustedSchema: 0,
      journalLimit: 67_108_864,
      busy: 60,
    })
  })

  it('waits for the disk with what is kept, at the end of a run with what it brought, and never with what is counted', async () => {
    const levels: unknown[] = []
    const noteAtCommit = (sql: string, handle: Handle) => {
      if (sql === 'commit')
        levels.push(Object.values(handle.prepare('pragma synchronous').all([])[0] ?? {})[0])
    }
    const store = await freshStore({ driver, drivers: driversWith(noteAtCommit) })
    levels.length = 0
    await store.calls.take([{ key: 'all', perMinute: 9 }], 0)
    await store.connections.insert(connection(), 'sealed')
    await store.calls.take([], 0)
    await store.connections.forgetData('item-1')
    const lease = await store.leases.take('item-1', 'a', 0, 1_000)
    if (lease === null) throw new Error('no lease')
    await store.fenced(lease).accounts.replace('item-1', [account()])
    await store.leases.release(lease, { startedAt: '', endedAt: '', code: null, cause: 'tool' })
    expect(levels).toEqual([1, 2, 1, 2, 1, 1, 2])
  })

  it('asks macOS to flush the cache of the disk as well', async () => {
    const handles = new Set<Handle>()
    const platform = 'darwin'
    await freshStore({ driver, platform, drivers: driversWith((_sql, handle) => void handles.add(handle)) })
    const [handle] = handles
    expect(handle?.prepare('pragma fullfsync').all([])).toMatchObject([{ fullfsync: 1 }])
  })

  it('leaves nothing of a removed connection in its files', async () => {
    const home = freshHome()
    const store = await openStore({ home, driver })
    await store.connections.insert(connection({ institution: 'Bank of Nowhere' }), 'nowhere sealed')
    await store.connections.remove('item-1')
    await store.close()
    const left = readdirSync(home).filter((name) => /nowhere/i.test(readFileSync(join(home, name), 'latin1')))
    expect(left).toEqual([])
  })

  it('follows a link to a directory of its owner, and refuses one that leads nowhere', async () => {
    const [target, home] = [freshHome(), freshHome()]
    symlinkSync(target, home)
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'BAD_SETTING' })
    mkdirSync(target, { mode: 0o700 })
    await (await openStore({ home, driver })).close()
    expect(readdirSync(target)).toContain('coffer.db')
  })

  it('can be closed twice', async () => {
    const store = await openStore({ home: freshHome(), driver })
    await store.close()
    await expect(store.close()).resolves.toBeUndefined()
  })

  it('can be opened twice, and the one sees what the other wrote', async () => {
    const home = freshHome()
    const [one, other] = [await freshStore({ home, driver }), await freshStore({ home, driver })]
    await one.connections.insert(connection(), 'sealed')
    expect(await other.connections.list()).toStrictEqual([connection()])
    await one.close()
    await other.connections.change('item-1', (now) => ({ ...now, label: null }))
    expect((await other.connections.find('item-1'))?.label).toBeNull()
  })

  it.each(['', 'below/it'])('says when the directory is or lies in a file (%s)', async (below) => {
    const file = freshHome()
    writeFileSync(file, '')
    const opening = openStore({ home: join(file, below), driver })
    await expect(opening).rejects.toMatchObject({ code: 'BAD_SETTING' })
  })
})

describe('the driver', () => {
  const broken = async () => {
    throw new Error('not a valid Win32 application')
  }

  it('is better-sqlite3 unless told otherwise', async () => {
    expect((await freshStore()).about.driver).toBe('better-sqlite3')
  })

  it("is Node's own where better-sqlite3 does not load", async () => {
    const store = await freshStore({ drivers: { ...drivers, 'better-sqlite3': broken } })
    expect(store.about.driver).toBe('node:sqlite')
  })

  it('is not another one than was asked for', async () => {
    const opening = openStore({
      home: freshHome(),
      driver: 'better-sqlite3',
      drivers: { ...drivers, 'better-sqlite3': broken },
    })
    await expect(opening).rejects.toMatchObject({ code: 'BAD_SETTING' })
  })
})
