import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { acquireLock } from '../../src/lock.ts'
import { drivers } from '../../src/store/drivers/load.ts'
import { openStore } from '../../src/store/index.ts'
import { driversWith, sqliteError } from './faulty-driver.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

const codes = [
  ['SQLITE_FULL', 13, 'DISK_FULL'],
  ['SQLITE_IOERR_SHMSIZE', 4_874, 'DISK_FULL'],
  ['SQLITE_IOERR_WRITE', 778, 'DISK_FAILED'],
  ['SQLITE_READONLY_DBMOVED', 1_032, 'DATABASE_READ_ONLY'],
  ['SQLITE_CANTOPEN', 14, 'DATABASE_READ_ONLY'],
  ['SQLITE_CORRUPT_INDEX', 779, 'DATABASE_DAMAGED'],
  ['SQLITE_NOTADB', 26, 'DATABASE_DAMAGED'],
  ['SQLITE_CONSTRAINT_CHECK', 275, 'INTERNAL'],
] as const

const span = { from: '2026-01-01', to: '2026-01-31' }

describe.each(driverNames)('trouble on %s', (driver) => {
  /** A store whose statements fail as `fault` says, once it is open. */
  async function troubledStore(options: { now?: () => number; random?: () => number } = {}) {
    const fault: { next: (sql: string) => Error | undefined } = { next: () => undefined }
    const faulty = driversWith((sql) => {
      const error = fault.next(sql)
      if (error !== undefined) throw error
    })
    const store = await freshStore({ driver, drivers: faulty, random: () => 0, ...options })
    return { store, fault }
  }

  const failOn =
    (part: string, [name, number]: readonly [string, number, ...unknown[]]) =>
    (sql: string) =>
      sql.includes(part) ? sqliteError(driver, name, number) : undefined

  it.each(codes)('%s (%s) is %s, at every step of a write', async (name, number, code) => {
    const { store, fault } = await troubledStore()
    await store.connections.insert(connection(), 'sealed')
    await store.accounts.replace('item-1', [account({ name: 'before' })])
    for (const step of ['begin', 'select', 'delete', 'insert', 'commit']) {
      fault.next = failOn(step, [name, number])
      const failing = store.accounts.replace('item-1', [account({ name: 'after' })])
      await expect(failing).rejects.toMatchObject({ name: 'CofferError', code })
      fault.next = () => undefined
      expect(await store.accounts.list()).toStrictEqual([account({ name: 'before' })])
    }
    await store.accounts.replace('item-1', [account({ name: 'after' })])
    expect(await store.accounts.list()).toStrictEqual([account({ name: 'after' })])
  })

  it('says nothing of SQL or of what was to be stored', async () => {
    const { store, fault } = await troubledStore()
    fault.next = failOn('insert', ['SQLITE_CONSTRAINT', 19])
    const failing = store.connections.insert(connection({ institution: 'Canary' }), 'sealed canary')
    await expect(failing).rejects.toThrow(/^SQLite refused a statement \(\w+( \d+)?\)\.$/)
  })

  it.each([
    ['SQLITE_BUSY', 5],
    ['SQLITE_BUSY_SNAPSHOT', 517],
    ['SQLITE_LOCKED', 6],
  ])('%s is tried again, and said after the hundredth time', async (name, number) => {
    const { store, fault } = await troubledStore({ random: () => 0 })
    let left = 99
    fault.next = (sql) =>
      sql.startsWith('begin') && left-- > 0 ? sqliteError(driver, name, number) : undefined
    await store.connections.insert(connection(), 'sealed')
    expect(await store.connections.list()).toHaveLength(1)
    left = 100
    await expect(store.flow.read(span)).rejects.toMatchObject({ code: 'DATABASE_BUSY', retryable: true })
  })

  it('is not waited out for longer than a tool may take', async () => {
    let now = 0
    const { store, fault } = await troubledStore({ now: () => now })
    let attempts = 0
    fault.next = (sql) => {
      if (!sql.startsWith('begin')) return undefined
      attempts++
      now += 5_000
      return sqliteError(driver, 'SQLITE_BUSY', 5)
    }
    await expect(store.flow.read(span)).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    expect(attempts).toBe(2)
  })

  it('by another process that keeps writing is said, and over when it is', async () => {
    const home = freshHome()
    const store = await freshStore({ home, driver, busyMs: 1, random: () => 0 })
    const other = (await drivers[driver]()).open(join(home, 'coffer.db'), 0)
    other.exec('begin immediate')
    const insert = () => store.connections.insert(connection(), 'sealed')
    await expect(insert()).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    expect(await store.connections.list()).toEqual([])
    other.exec('rollback')
    other.close()
    await insert()
    expect(await store.connections.list()).toHaveLength(1)
  })

  it('while the database is made leaves nothing half made', async () => {
    const home = freshHome()
    let statements = 0
    const failing = driversWith((sql) => {
      if (sql.startsWith('create') && ++statements === 4) throw sqliteError(driver, 'SQLITE_FULL', 13)
    })
    const opening = openStore({ home, driver, drivers: failing })
    await expect(opening).rejects.toMatchObject({ code: 'DISK_FULL' })
    const lock = await acquireLock(join(home, 'migrate.lock'))
    expect(lock).not.toBeNull()
    lock?.release()
    const store = await freshStore({ home, driver })
    expect(await store.connections.list()).toEqual([])
  })
})
