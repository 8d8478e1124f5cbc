import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acquireLock } from '../../src/lock.ts'
import { drivers } from '../../src/store/drivers/load.ts'
import { newestSchema } from '../../src/store/migrations/index.ts'
import { driversWith, sqliteError } from './faulty-driver.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { writeOldDatabase } from './old-schema.ts'
import { connection } from './rows.ts'

const day = 24 * 60 * 60_000
const start = Date.parse('2026-11-01T04:00:00.000Z')

function backupsOf(home: string): string[] {
  return readdirSync(join(home, 'backups')).toSorted()
}

describe.each(driverNames)('a backup on %s', (driver) => {
  async function read(path: string, sql: string): Promise<unknown> {
    const handle = (await drivers[driver]()).open(path, 0)
    onTestFinished(() => handle.close())
    return Object.values(handle.prepare(sql).all([])[0] ?? {})[0]
  }

  it('is the whole database in one file, for its owner alone, while others have it open', async () => {
    const home = freshHome()
    const store = await freshStore({ home, driver, now: () => start })
    const other = await freshStore({ home, driver })
    await other.connections.insert(connection(), 'sealed token')
    const made = await store.backups.make('asked')
    const name = 'coffer-20261101T040000000Z-asked.db'
    expect(made).toEqual({
      name,
      path: join(home, 'backups', name),
      takenAt: '2026-11-01T04:00:00.000Z',
      cause: 'asked',
      bytes: statSync(made.path).size,
    })
    expect(store.backups.list()).toEqual([made])
    await other.connections.change('item-1', (row) => ({ ...row, label: 'later' }))
    expect(await read(made.path, 'select label from connections')).toBe('Ours')
    expect(await read(made.path, 'pragma integrity_check')).toBe('ok')
    expect(await read(made.path, 'pragma user_version')).toBe(newestSchema)
    expect(statSync(made.path).mode & 0o777).toBe(0o600)
    expect(statSync(join(home, 'backups')).mode & 0o777).toBe(0o700)
  })

  it('is kept with the six before it', async () => {
    const home = freshHome()
    let now = start
    const store = await freshStore({ home, driver, now: () => now })
    for (; now < start + 9 * day; now += day) await store.backups.make('daily')
    expect(store.backups.list().map(({ takenAt }) => takenAt.slice(0, 10))).toEqual(
      ['09', '08', '07', '06', '05', '04', '03'].map((number) => `2026-11-${number}`),
    )
    now = start - day
    const { name } = await store.backups.make('daily')
    expect(backupsOf(home)).toHaveLength(7)
    expect(backupsOf(home)).toContain(name)
  })

  it('that was cut off or is damaged leaves no file', async () => {
    const home = freshHome()
    let damaged = false
    const faulty = driversWith((sql) => {
      if (damaged && sql === 'pragma quick_check(1)') throw sqliteError(driver, 'SQLITE_CORRUPT', 11)
    })
    const store = await freshStore({ home, driver, drivers: faulty })
    mkdirSync(join(home, 'backups'), { mode: 0o700 })
    writeFileSync(join(home, 'backups', 'coffer-20261101T040000000Z-daily.db.part'), 'half of it')
    damaged = true
    await expect(store.backups.make('daily')).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    expect(backupsOf(home)).toEqual([])
  })

  it.each([2, 7])('is made before schema %s is changed, once', async (schema) => {
    const home = freshHome()
    await writeOldDatabase(home, driver, schema)
    await Promise.all([1, 2, 3].map(() => freshStore({ home, driver })))
    const [name = '', ...more] = backupsOf(home)
    expect([name, more]).toEqual([expect.stringMatching(/-migration\.db$/), []])
    expect(await read(join(home, 'backups', name), 'pragma user_version')).toBe(schema)
    expect(await read(join(home, 'backups', name), 'select value from meta')).toBe('id-of-old')
  })
})

it('a database whose backup fails is not migrated', async () => {
  const home = freshHome()
  await writeOldDatabase(home, 'better-sqlite3', 2)
  mkdirSync(join(home, 'backups'), { mode: 0o755 })
  await expect(freshStore({ home })).rejects.toMatchObject({ code: 'HOME_NOT_PRIVATE' })
  const handle = (await drivers['better-sqlite3']()).open(join(home, 'coffer.db'), 0)
  onTestFinished(() => handle.close())
  expect(handle.prepare('pragma user_version').all([])).toEqual([{ user_version: 2 }])
})

it('a new database has nothing to be backed up', async () => {
  const home = freshHome()
  const { backups } = await freshStore({ home })
  expect(backups.list()).toEqual([])
  expect(readdirSync(home)).not.toContain('backups')
})

it('what was removed is in no older backup after the scrub, nor in what was replaced or damaged', async () => {
  const home = freshHome()
  const store = await freshStore({ home })
  await store.connections.insert(connection({ itemId: 'item-that-goes' }), 'sealed')
  await store.connections.insert(connection({ itemId: 'item-that-stays' }), 'sealed')
  await store.backups.make('daily')
  for (const other of ['replaced', 'quarantine']) {
    mkdirSync(join(home, other))
    writeFileSync(join(home, other, 'coffer-20261101T040000000Z-some.db-wal'), 'item-that-goes')
  }
  const goes = ['item-that-goes']
  await store.connections.remove('item-that-goes')
  expect(await store.scrubbing.filesWith(goes)).toHaveLength(4)
  expect(await store.scrubbing.scrub()).toBe(true)
  expect(await store.scrubbing.filesWith(goes)).toEqual([])
  expect(backupsOf(home)).toEqual([expect.stringMatching(/-erasure\.db$/)])
  expect(await store.scrubbing.filesWith(['item-that-stays'])).toContain(
    join('backups', backupsOf(home)[0] ?? ''),
  )
})

it('a scrub stays owed while another process makes a backup', { timeout: 40_000 }, async () => {
  const home = freshHome()
  const store = await freshStore({ home })
  const lock = await acquireLock(join(home, 'backup.lock'))
  expect(await store.scrubbing.scrub()).toBe(false)
  lock?.release()
  expect(await store.scrubbing.scrub()).toBe(true)
})
