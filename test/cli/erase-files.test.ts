import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { deleteOurs, deleteRest, hasLostDatabase } from '../../src/cli/erase/files.ts'
import { typescriptUnder } from '../house/tree.ts'

function homeWith(names: readonly string[]): string {
  const home = mkdtempSync(join(tmpdir(), 'coffer-erase-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  for (const name of ['backups', 'demo', 'mine']) mkdirSync(join(home, name))
  for (const name of names) writeFileSync(join(home, name), 'x')
  return home
}

it('every lock that this program makes is erased, and what somebody else keeps there is not', () => {
  const text = typescriptUnder('src').map((file) => file.text)
  const locks = text.flatMap((one) => [...one.matchAll(/'([a-z]+\.lock)'/g)].map(([, name = '']) => name))
  expect(locks).toContain('leader.lock')
  const ours = ['coffer.db', 'coffer.db-wal', 'database.id', 'demo/coffer.db', 'demo/simulator.json']
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
