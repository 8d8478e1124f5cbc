import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takenAtOf } from '../../src/store/backups/files.ts'
import { drivers } from '../../src/store/drivers/load.ts'
import { beginRestore, openStore } from '../../src/store/index.ts'
import { killHard, nextOutput, startChild } from './children/start.ts'
import { freshHome, freshStore } from './fixtures.ts'
import { begun, end, lived, none } from './restoring.ts'

describe('a file', () => {
  async function refused(options: Parameters<typeof beginRestore>[0], problem: RegExp): Promise<void> {
    await expect(beginRestore(options)).rejects.toMatchObject({
      code: 'BACKUP_UNUSABLE',
      message: expect.stringMatching(problem),
    })
  }

  it('that is no backup of this directory is refused, and nothing is changed', async () => {
    const { home, options, store, path } = await lived()
    const change = async (sql: string) => {
      const file = join(home, 'changed.db')
      copyFileSync(path, file)
      const handle = (await drivers['better-sqlite3']()).open(file, 0)
      handle.exec(sql)
      handle.close()
      return file
    }
    writeFileSync(join(home, 'text.db'), 'date;amount\n'.repeat(900))
    const before = readdirSync(home).toSorted()
    await refused({ ...options, file: join(home, 'text.db') }, /is damaged, or no backup of Coffer/)
    await refused({ ...options, file: join(home, 'nothing.db') }, /is no file/)
    await refused({ ...options, file: home }, /is no file/)
    await refused({ ...options, file: join(home, 'coffer.db') }, /is the database itself/)
    await refused(
      { ...options, file: await change('drop table meta') },
      /is damaged, or no backup|is no backup/,
    )
    await refused({ ...options, file: await change('pragma user_version = 999') }, /newer version/)
    await refused({ ...options, file: await change('create table extra (a)') }, /is no backup of Coffer/)
    const trigger = `create trigger t after delete on rules begin delete from connections; end`
    await refused({ ...options, file: await change(trigger) }, /is no backup of Coffer/)
    const other = await change(`update meta set value = 'another' where key = 'database_id'`)
    await refused({ ...options, file: other }, /the backup of another data directory/)
    expect(await store.connections.sealedToken('item-1')).toBe('sealed then')
    expect(readdirSync(home).toSorted()).toEqual([...before, 'changed.db', 'restore.lock'].toSorted())
  })

  it('of another directory goes into one that a first start has made, and nothing more', async () => {
    const { path, store } = await lived()
    const home = freshHome()
    await (await openStore({ home })).close()
    const { kept } = await (await begun({ home, file: path }).then(end))(none)
    const restored = await freshStore({ home })
    expect(restored.databaseId).toBe(store.databaseId)
    expect(readFileSync(join(home, 'database.id'), 'utf8').trim()).toBe(store.databaseId)
    expect(kept).toMatch(/replaced.coffer-.*-replaced\.db$/)
  })

  it('of another directory is no offer, though it is the newest; of one that was never used none of its own is', async () => {
    const { home, options, store, path } = await lived()
    await store.close()
    const other = freshHome()
    const unused = await openStore({ home: other })
    const { name, path: newer } = await unused.backups.make('daily')
    await unused.close()
    copyFileSync(newer, join(home, 'backups', name))
    writeFileSync(join(home, 'coffer.db'), '')
    const fix = expect.stringContaining(`the newest good backup is ${path.split('/').at(-1)}`)
    await expect(openStore(options)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED', fix })
    expect(await begun({ home, file: null })).toMatchObject({ file: path })
    copyFileSync(path, join(other, 'backups', path.split('/').at(-1) ?? ''))
    expect(await begun({ home: other, file: null })).toMatchObject({ takenAt: takenAtOf(path) })
  })

  it('is needed', async () => {
    const home = freshHome()
    await refused({ home, file: null }, /There is no good backup here/)
    expect(existsSync(join(home, 'coffer.db'))).toBe(false)
  })

  it('that is damaged is passed over for an older one that is good', async () => {
    const { options, store, path } = await lived()
    const bad = await store.backups.make('daily')
    writeFileSync(bad.path, 'garbage')
    expect(await begun({ ...options, file: null })).toMatchObject({ file: path })
  })
})

it('a damaged database that another copy has open is left to it', async () => {
  const { home, options, store } = await lived()
  await store.close()
  const other = startChild('insert-forever', home, 'better-sqlite3', '1000')
  await nextOutput(other)
  other.kill('SIGSTOP')
  writeFileSync(join(home, 'coffer.db'), '')
  const restoring = await begun({ ...options, file: null })
  await expect(restoring.apply(none)).rejects.toMatchObject({ code: 'STILL_RUNNING' })
  await restoring.end()
  await killHard(other)
  await (await begun({ ...options, file: null }).then(end))(none)
  expect(await (await freshStore(options)).accounts.list()).toMatchObject([{ name: 'as it was' }])
})

it('whose copy a removal has deleted at the question is said to be gone, and harms nothing', async () => {
  const { options, store } = await lived()
  const restoring = await begun({ ...options, file: null })
  const before = await store.version()
  await store.backups.renew()
  const gone = {
    code: 'BACKUP_UNUSABLE',
    message: expect.stringContaining('Something was removed meanwhile'),
  }
  await expect(restoring.apply(none)).rejects.toMatchObject(gone)
  // Between the look and the transaction.
  await expect(
    store.backups.merge({ ...none, path: join(options.home, 'restoring', 'gone.db') }),
  ).rejects.toMatchObject(gone)
  expect(await store.version()).toBe(before)
  await restoring.end()
  expect(await (await begun({ ...options, file: null }).then(end))(none)).toMatchObject({
    decision: { restored: [{ itemId: 'item-1' }] },
  })
})

it('two at a time are refused', async () => {
  const { options } = await lived()
  await begun({ ...options, file: null })
  await expect(beginRestore({ ...options, file: null })).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
})

it('one that was cut off leaves its copy to the next one, which deletes it', async () => {
  const { home, options } = await lived()
  mkdirSync(join(home, 'restoring'), { mode: 0o700 })
  writeFileSync(join(home, 'restoring', 'coffer-20261101T040000000Z-restoring.db'), 'half')
  await (await begun({ ...options, file: null })).end()
  expect(existsSync(join(home, 'restoring'))).toBe(false)
})

it('a note of the database that was cut off as it was made keeps nobody from a restore', async () => {
  const { home, options, store } = await lived()
  await store.close()
  for (const name of ['coffer.db', 'database.id']) writeFileSync(join(home, name), '')
  await (await begun({ ...options, file: null }).then(end))(none)
  const { databaseId } = await freshStore(options)
  expect(readFileSync(join(home, 'database.id'), 'utf8').trim()).toBe(databaseId)
})
