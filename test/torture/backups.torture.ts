import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { beginRestore, listCopies, openStore } from '../../src/store/index.ts'
import { chanceOf, seedOfRun } from './chance.ts'
import { contentsOf, differing } from './contents.ts'
import { say } from './report.ts'
import { startWriters, tornIn } from './writers.ts'

const rounds = Number(process.env['BACKUP_ROUNDS'] ?? 20)
const kills = Number(process.env['RESTORE_KILLS'] ?? 40)
const writers = 4

function freshRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'coffer-backups-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

/** A directory with this file as its database, which nobody has open. */
function homeOf(file: string, root: string): string {
  const home = mkdtempSync(join(root, 'home-'))
  copyFileSync(file, join(home, 'coffer.db'))
  return home
}

/** What a restore moves forward to now, and what is another text after each write, is left out. */
function withoutTimes(home: string): string {
  const database = new BetterSqlite(join(home, 'coffer.db'))
  database.exec('update connections set last_checked_at = null, dirty_since = null; delete from changes')
  database.close()
  return home
}

async function restoreInto(home: string, file: string): Promise<void> {
  const restoring = await beginRestore({ home, file })
  try {
    await restoring.apply({ tokens: [], keys: [] })
  } finally {
    await restoring.end()
  }
}

/** The tables that a restore of the file into an empty directory gives other rows. */
async function differingAfterRestore(file: string, root: string): Promise<string[]> {
  const restored = join(root, `restored-${basename(file)}`)
  await restoreInto(restored, file)
  const [before, after] = [withoutTimes(homeOf(file, root)), withoutTimes(restored)]
  return differing(contentsOf(before), contentsOf(after))
}

it('a backup under load is never torn, and what is restored from it has the same rows', async () => {
  const seed = seedOfRun()
  const chance = chanceOf(seed)
  const root = freshRoot()
  const home = join(root, 'busy')
  mkdirSync(home, { mode: 0o700 })
  const store = await openStore({ home })
  const torn: string[] = []
  const other: string[] = []
  const modes = new Set<number>()
  const merged: string[] = []
  await using busy = await startWriters(home, writers)
  for (let round = 0; round < rounds; round += 1) {
    await sleep(chance.between(0, 150))
    const { path } = await store.backups.make('asked')
    modes.add(statSync(path).mode & 0o777)
    torn.push(...tornIn(path))
    other.push(...(await differingAfterRestore(path, root)))
    // Every few rounds the busy directory itself goes back to it, under the hands of all four.
    if (round % 4 === 3) {
      await restoreInto(home, path)
      merged.push(...tornIn((await store.backups.make('asked')).path))
    }
  }
  const [written, failures] = [busy.written(), busy.failures()]
  await busy[Symbol.asyncDispose]()
  await store.close()
  say(
    `backups: ${rounds} under load (target 20), seed ${seed}, ${writers} processes wrote ${written} times; torn ${torn.length} ` +
      `(target 0), tables with other rows after a restore ${other.length} (target 0), torn after a restore under load ` +
      `${merged.length} (target 0), failed writes ${failures.length} (target 0), modes ${[...modes].map((mode) => mode.toString(8)).join(' ')} (target 600)`,
  )
  expect({ torn, other, merged, failures, modes: [...modes] }).toEqual({
    torn: [],
    other: [],
    merged: [],
    failures: [],
    modes: [0o600],
  })
})

/** `ms` after it has checked the backup. */
async function killed(home: string, ms: number): Promise<void> {
  const args = [join(import.meta.dirname, 'children/restore-home.ts'), home]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  await sleep(ms)
  child.kill('SIGKILL')
  await closed
}

it('a restore that is killed at any point leaves the state before it or the one after', async () => {
  const seed = seedOfRun()
  const chance = chanceOf(seed, 1)
  const root = freshRoot()
  const home = join(root, 'home')
  mkdirSync(home, { mode: 0o700 })
  const first = await startWriters(home, writers)
  await first[Symbol.asyncDispose]()
  const faults: string[] = []
  let done = 0
  for (let round = 0; round < kills; round += 1) {
    const store = await openStore({ home })
    await store.backups.make('asked')
    for (const row of await store.connections.list()) {
      const accounts = await store.accounts.list(row.itemId)
      await store.accounts.replace(
        row.itemId,
        accounts.map((one) => ({ ...one, name: `changed ${round}` })),
      )
    }
    await store.close()
    const isGone = round % 2 === 1
    if (isGone)
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(home, `coffer.db${suffix}`), { force: true })
    await killed(home, chance.between(0, 40))
    const after = await openStore({ home }).catch(() => null)
    const names = new Set((await after?.accounts.list())?.map(({ name }) => name))
    await after?.close()
    const isRestored = after !== null && !names.has(`changed ${round}`)
    if (isRestored) done += 1
    else await restoreInto(home, await newest(home))
    const isWhole = after === null ? isGone : names.size === 1 || isRestored
    if (!isWhole) faults.push(`round ${round}: neither before nor after`)
    faults.push(...tornIn(join(home, 'coffer.db')).map((torn) => `round ${round}: ${torn}`))
  }
  say(
    `restores: ${kills} killed (target 40), seed ${seed}, half of them where the database was gone; ${done} had ended before; ` +
      `neither the state before nor the one after ${faults.length} (target 0)`,
  )
  expect(faults).toEqual([])
})

async function newest(home: string): Promise<string> {
  return (await listCopies({ home }))[0]?.path ?? ''
}
