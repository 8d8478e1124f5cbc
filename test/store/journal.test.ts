import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isOldSqlite, noteOldSqlite } from '../../src/store/drivers/journal.ts'
import { openStore } from '../../src/store/index.ts'
import { driversOf, driversWith } from './faulty-driver.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { connection } from './rows.ts'

const noted = 'rollback-journal'

describe.each(driverNames)('the journal on %s', (driver) => {
  const old = { driver, drivers: driversOf('3.51.2') }

  it('is no WAL where SQLite is old', async () => {
    const home = freshHome()
    const store = await freshStore({ home, ...old })
    await store.connections.insert(connection(), 'sealed')
    expect(modeOf(home)).toBe('rollback')
    expect(readdirSync(home)).not.toContain('coffer.db-wal')
    expect(statSync(join(home, noted)).mode & 0o777).toBe(0o600)
  })

  it('waits for the disk with every commit where it is no WAL', async () => {
    const levels: unknown[] = []
    const seen = driversWith((sql, handle) => {
      if (sql === 'commit')
        levels.push(Object.values(handle.prepare('pragma synchronous').all([])[0] ?? {})[0])
    })
    const drivers = { ...seen, [driver]: async () => ({ ...(await seen[driver]()), version: '3.51.2' }) }
    const store = await freshStore({ driver, drivers })
    levels.length = 0
    await store.calls.take([{ key: 'all', perMinute: 9 }], 0)
    expect(levels).toEqual([2])
  })

  it('stays what the copy with the old SQLite needs, and a newer one sees what it writes', async () => {
    const home = freshHome()
    const first = await freshStore({ home, ...old })
    await first.connections.insert(connection(), 'sealed')
    const newer = await freshStore({ home, driver })
    await newer.connections.change('item-1', (now) => ({ ...now, label: 'newer' }))
    await first.close()
    await newer.close()
    const again = await freshStore({ home, driver })
    expect(modeOf(home)).toBe('rollback')
    expect((await again.connections.find('item-1'))?.label).toBe('newer')
  })

  it('becomes that once no other copy has the database open, and nothing is lost', async () => {
    const home = freshHome()
    const newer = await openStore({ home, driver })
    await newer.connections.insert(connection(), 'sealed')
    await newer.close()
    const store = await freshStore({ home, ...old })
    expect(modeOf(home)).toBe('rollback')
    expect(await store.connections.list()).toStrictEqual([connection()])
  })

  it('of an open database stays a WAL, which an old SQLite is kept away from', async () => {
    const home = freshHome()
    const newer = await openStore({ home, driver })
    await newer.connections.insert(connection(), 'sealed')
    const opening = openStore({ home, ...old, now: hurried() })
    await expect(opening).rejects.toMatchObject({
      code: 'SQLITE_TOO_OLD',
      message: expect.stringContaining('WAL-reset'),
      fix: expect.stringContaining('Close all copies'),
    })
    await newer.connections.change('item-1', (now) => ({ ...now, label: 'goes on' }))
    await newer.close()
    const store = await freshStore({ home, ...old })
    expect((await store.connections.find('item-1'))?.label).toBe('goes on')
  })

  it('is a WAL again when its owner deletes the note', async () => {
    const home = freshHome()
    await (await openStore({ home, ...old })).close()
    rmSync(join(home, noted))
    await freshStore({ home, driver })
    expect(modeOf(home)).toBe('wal')
  })

  it('is given up when a note is left between the look and the change', async () => {
    const home = freshHome()
    const drivers = driversWith((sql) => sql === 'pragma journal_mode = wal' && noteOldSqlite(home))
    await freshStore({ home, driver, drivers })
    expect(modeOf(home)).toBe('rollback')
  })

  it('leaves nothing of a removed connection beside the database', async () => {
    const home = freshHome()
    const store = await freshStore({ home, ...old })
    await store.connections.insert(connection({ institution: 'Bank of Nowhere' }), 'nowhere sealed')
    await store.connections.remove('item-1')
    expect(await store.scrubbing.scrub()).toBe(true)
    const files = readdirSync(home).filter((name) => name !== 'backups')
    const left = files.filter((name) => /nowhere/i.test(readFileSync(join(home, name), 'latin1')))
    expect(left).toEqual([])
  })
})

describe('an old SQLite', () => {
  it.each([
    ['3.51.2', true],
    ['3.7.0', true],
    ['0', true],
    ['3.51.3', false],
    ['3.100.0', false],
    ['4.0.0', false],
  ])('is one before 3.51.3: %s', (version, isOld) => {
    expect(isOldSqlite({ name: 'node:sqlite', version, open: unused })).toBe(isOld)
  })
})

function unused(): never {
  throw new Error('is not opened')
}

/** What the header of the file says, without SQLite. https://sqlite.org/fileformat.html */
function modeOf(home: string): string {
  const version = readFileSync(join(home, 'coffer.db'))[18]
  return version === 2 ? 'wal' : 'rollback'
}

/** A clock by which all patience is over with the second look. */
function hurried(): () => number {
  let time = 0
  return () => (time += 60_000)
}
