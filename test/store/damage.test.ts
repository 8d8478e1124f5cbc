import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
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
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

const page = 4_096

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

  it.each([
    ['its header overwritten', (path: string) => overwrite(path, 0, noise(100))],
    ['a page overwritten', (path: string) => overwrite(path, 3 * page, noise(page))],
    ['half of it lost', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['half of it lost, at a page', (path: string) => truncateSync(path, 10 * page)],
    ['another file in its place', (path: string) => writeFileSync(path, 'date;amount\n'.repeat(900))],
    ['nothing left in it', (path: string) => truncateSync(path, 0)],
  ])('with %s is refused and not touched', async (_case, damage) => {
    const { home, path } = await filledHome()
    damage(path)
    const before = digest(path)
    await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
    expect(digest(path)).toBe(before)
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
    expect(statSync(join(home, 'coffer.db-wal')).size).toBe(page)
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
