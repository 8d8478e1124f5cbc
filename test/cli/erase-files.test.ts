import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { takeAlone } from '../../src/cli/erase/alone.ts'
import { deleteOurs, deleteRest, hasLostDatabase, holdsOurs } from '../../src/cli/erase/files.ts'
import { acquireLock } from '../../src/lock.ts'
import { typescriptUnder } from '../house/tree.ts'

function homeWith(names: readonly string[]): string {
  const home = mkdtempSync(join(tmpdir(), 'coffer-erase-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  for (const name of ['backups', 'demo', 'mine', 'opening']) mkdirSync(join(home, name))
  for (const name of names) writeFileSync(join(home, name), 'x')
  return home
}

it('every lock that this program makes is erased, and what somebody else keeps there is not', () => {
  const text = typescriptUnder('src').map((file) => file.text)
  const locks = text.flatMap((one) => [...one.matchAll(/'([a-z]+\.lock)'/g)].map(([, name = '']) => name))
  expect(locks).toContain('leader.lock')
  const entrance = `opening/${'0a'.repeat(12)}.html`
  const ours = [
    'coffer.db',
    'coffer.db-wal',
    'database.id',
    'demo/coffer.db',
    'demo/simulator.json',
    entrance,
  ]
  const strangers = ['coffer.db.mine', 'mine/coffer.db', 'backups/coffer.db', 'other.lock', 'demo/notes.txt']
  const home = homeWith([...locks, ...ours, ...strangers])
  const deleted = deleteOurs(home, null)
  deleteRest(home)
  expect(deleted.failed).toEqual([])
  expect(deleted.strangers.toSorted()).toEqual(strangers.toSorted())
  const left = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(left).toHaveLength(strangers.length)
})

it('a database that is gone is told by what it left', () => {
  expect(hasLostDatabase(homeWith(['database.id']))).toBe(true)
  expect(hasLostDatabase(homeWith(['backups/coffer-20261130T090043955Z-asked.db']))).toBe(true)
  expect(hasLostDatabase(homeWith(['coffer.db', 'database.id']))).toBe(false)
  expect(hasLostDatabase(homeWith(['leader.lock', 'backups/mine.db']))).toBe(false)
})

it('names that any program uses are ours beside what only Coffer makes, or with its settings alone', () => {
  const home = homeWith(['some.0123456789ab.tmp'])
  mkdirSync(join(home, 'restoring'))
  const config = join(home, 'config.json')
  const left = () =>
    readdirSync(home, { recursive: true }).filter(
      (name) => !/^(backups|demo|mine|opening)$/.test(String(name)),
    )
  for (const text of ['{"theirs": 1}', '{"COFFER_LEDGER": "on", "theirs": 1}', '{}', '[]', 'theirs']) {
    writeFileSync(config, text)
    writeFileSync(join(home, 'restoring', 'theirs.db'), 'x')
    expect(holdsOurs(home, null)).toBe(false)
    expect(deleteOurs(home, null)).toMatchObject({ files: [], strangers: { length: 3 } })
  }
  writeFileSync(config, '{"COFFER_LEDGER": "on", "PLAID_ENV": "production"}')
  expect(holdsOurs(home, null)).toBe(true)
  writeFileSync(config, '{"theirs": 1}')
  writeFileSync(join(home, 'database.id'), 'x')
  expect(deleteOurs(home, null)).toMatchObject({ files: { length: 4 }, failed: [], strangers: [] })
  expect(left()).toEqual([])
})

it('all that a killed restore was working with is erased', () => {
  const home = homeWith([])
  mkdirSync(join(home, 'restoring', 'deeper'), { recursive: true })
  const names = [
    'coffer-20261130T090043955Z-restoring.db',
    'empty.db',
    'migrate.lock',
    'database.id',
    'deeper/x',
  ]
  for (const name of names) writeFileSync(join(home, 'restoring', name), 'x')
  expect(deleteOurs(home, null)).toMatchObject({ failed: [], strangers: [] })
  deleteRest(home)
  expect(readdirSync(home)).toEqual(['mine'])
})

it('does nothing while a restore stands at its question', async () => {
  const home = homeWith(['database.id'])
  const restoring = await acquireLock(join(home, 'restore.lock'))
  await expect(takeAlone(home, async () => null)).rejects.toMatchObject({
    code: 'STILL_RUNNING',
    message: expect.stringContaining('restore is under way'),
  })
  restoring?.release()
  const alone = await takeAlone(home, async () => null)
  expect(await acquireLock(join(home, 'restore.lock'))).toBeNull()
  alone.release()
})
