import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drivers } from '../../src/store/drivers/load.ts'
import { openStore } from '../../src/store/index.ts'
import { killHard, nextOutput, startChild } from './children/start.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

const page = 4_096

/** Another process that has written to it, and stands still. */
async function nextOpen(home: string, driver: string) {
  const child = startChild('insert-forever', home, driver, '1000')
  await nextOutput(child)
  child.kill('SIGSTOP')
  return child
}

describe.each(driverNames)('a damaged database on %s', (driver) => {
  async function filledHome(): Promise<{ home: string; path: string }> {
    const home = freshHome()
    const store = await openStore({ home, driver })
    for (let number = 0; number < 60; number++)
      await store.connections.insert(connection({ itemId: `item-${number}` }), 'sealed '.repeat(20))
    await store.close()
    return { home, path: join(home, 'coffer.db') }
  }

  const noise = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7_919) % 251))

  function overwrite(path: string, at: number, bytes: Buffer): void {
    const content = readFileSync(path)
    bytes.copy(content, at)
    writeFileSync(path, content)
  }

  const asideIn = (home: string) =>
    existsSync(join(home, 'quarantine')) ? readdirSync(join(home, 'quarantine')).toSorted() : []

  it.each([
    ['its header overwritten', (path: string) => overwrite(path, 0, noise(100))],
    ['a page overwritten', (path: string) => overwrite(path, 3 * page, noise(page))],
    ['half of it lost', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['half of it lost, at a page', (path: string) => truncateSync(path, 10 * page)],
    ['another file in its place', (path: string) => writeFileSync(path, 'date;amount\n'.repeat(900))],
    ['nothing left in it', (path: string) => truncateSync(path, 0)],
  ])('with %s is refused, and kept as it is', async (_case, damage) => {
    const { home, path } = await filledHome()
    damage(path)
    const before = digest(path)
    for (let start = 0; start < 2; start += 1)
      await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    const kept = asideIn(home)
    // An empty one has nothing to be kept.
    expect(kept).toHaveLength(statSync(path, { throwIfNoEntry: false })?.size === 0 ? 0 : 1)
    for (const name of kept) {
      expect(digest(join(home, 'quarantine', name))).toBe(before)
      expect(existsSync(path)).toBe(false)
    }
  })

  it('is told with the newest backup that is good', async () => {
    const { home, path } = await filledHome()
    const store = await openStore({ home, driver })
    const good = await store.backups.make('daily')
    const bad = await store.backups.make('asked')
    await store.close()
    overwrite(bad.path, page, noise(page))
    overwrite(path, 0, noise(page))
    const fix = `Run coffer-mcp restore: the newest good backup is ${good.name}, of ${good.takenAt}.`
    const moved = expect.stringMatching(/is damaged\. It was moved to .*quarantine.coffer-.*-damaged\.db\.$/)
    await expect(openStore({ home, driver })).rejects.toMatchObject({ message: moved, fix })
    const gone = expect.stringContaining('was here once, and is gone or empty')
    await expect(openStore({ home, driver })).rejects.toMatchObject({ message: gone, fix })
    rmSync(join(home, 'database.id'))
    await expect(openStore({ home, driver })).rejects.toMatchObject({ message: gone, fix })
  })

  it('stays where it is while another copy has it open', async () => {
    const { home, path } = await filledHome()
    const other = await nextOpen(home, driver)
    truncateSync(path, 0)
    const opening = openStore({ home, driver })
    await expect(opening).rejects.toMatchObject({
      code: 'DATABASE_DAMAGED',
      message: expect.stringContaining('Another copy of coffer-mcp has it open.'),
      fix: expect.stringMatching(/^Close the clients .*There is no good backup here\./),
    })
    expect([asideIn(home), existsSync(path), existsSync(`${path}-wal`)]).toEqual([[], true, true])
    await killHard(other)
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(asideIn(home).some((name) => name.endsWith('.db-wal'))).toBe(true)
  })

  it('is kept three times', async () => {
    const { home, path } = await filledHome()
    for (let time = 0; time < 5; time += 1) {
      writeFileSync(path, noise(page), { mode: 0o600 })
      const opening = openStore({ home, driver, now: () => Date.parse(`2026-11-0${time + 1}T10:00:00.000Z`) })
      await expect(opening).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    }
    expect(asideIn(home).map((name) => name.slice(13, 15))).toEqual(['03', '04', '05'])
  })

  it('that has vanished is no first start', async () => {
    const { home, path } = await filledHome()
    rmSync(path)
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    expect(existsSync(path)).toBe(false)
  })

  it('that is empty beside what was last written to it is no first start', async () => {
    const home = freshHome()
    mkdirSync(home, { mode: 0o700 })
    writeFileSync(join(home, 'coffer.db'), '', { mode: 0o600 })
    writeFileSync(join(home, 'coffer.db-wal'), noise(page), { mode: 0o600 })
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    const kept = asideIn(home)
    expect(kept).toEqual([expect.stringMatching(/-damaged\.db-wal$/)])
    expect(statSync(join(home, 'quarantine', kept[0] ?? '')).size).toBe(page)
  })

  it('that is a directory is refused', async () => {
    const home = freshHome()
    mkdirSync(join(home, 'coffer.db'), { recursive: true, mode: 0o700 })
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
  })

  it('can be replaced by a copy from a backup', async () => {
    const { home, path } = await filledHome()
    const backup = readFileSync(path)
    overwrite(path, 0, noise(page))
    renameSync(path, `${path}.damaged`)
    writeFileSync(path, backup, { mode: 0o600 })
    const store = await freshStore({ home, driver })
    expect(await store.connections.list()).toHaveLength(60)
  })

  it('is no wrong answer: a list that cannot be read is said', async () => {
    const { home, path } = await filledHome()
    const handle = (await drivers[driver]()).open(path, 0)
    handle.exec(`update connections set products = '{"not": "a list"}'`)
    handle.close()
    const { connections } = await freshStore({ home, driver })
    await expect(connections.list()).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
  })

  it('with its last writes cut off or flipped is a state that once was', async () => {
    const { home } = await filledHome()
    const store = await openStore({ home, driver })
    const names = Array.from({ length: 12 }, (_, number) => `state ${number}`)
    for (const name of names) await store.accounts.replace('item-0', [account({ itemId: 'item-0', name })])
    const files = ['coffer.db', 'coffer.db-wal'].map(
      (name) => [name, readFileSync(join(home, name))] as const,
    )
    await store.close()
    const wal = files[1]?.[1].length ?? 0
    for (let cut = 1; cut <= 10; cut++) {
      const copy = freshHome()
      mkdirSync(copy, { mode: 0o700 })
      for (const [name, bytes] of files) writeFileSync(join(copy, name), bytes, { mode: 0o600 })
      const end = Math.floor((wal * cut) / 10)
      truncateSync(join(copy, 'coffer.db-wal'), end)
      if (cut % 3 === 0)
        overwrite(join(copy, 'coffer.db-wal'), Math.floor(end / 2), Buffer.from([0xff, 0, 0xff]))
      const reopened = await openStore({ home: copy, driver })
      const found = await reopened.accounts.list('item-0')
      await reopened.close()
      expect([undefined, ...names]).toContain(found[0]?.name)
    }
  })
})

describe.each(driverNames)('a database of a newer version on %s', (driver) => {
  it('is refused and not touched', async () => {
    const home = freshHome()
    await (await openStore({ home, driver })).close()
    const path = join(home, 'coffer.db')
    const handle = (await drivers[driver]()).open(path, 0)
    handle.exec('pragma user_version = 1000')
    handle.close()
    const before = digest(path)
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
    expect(digest(path)).toBe(before)
  })
})

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
