import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { fillDisk, freeDisk, mayMount, mountDisk, unmountDisk } from '../support/small-disk.ts'
import { driverNames, freshHome } from './fixtures.ts'
import { connection } from './rows.ts'

/** A disk of one megabyte, or more. */
function smallDisk(megabytes = 1): string {
  const path = freshHome()
  mkdirSync(path)
  expect(mountDisk(path, megabytes)).toBe(true)
  onTestFinished(() => unmountDisk(path))
  return path
}

describe.skipIf(!mayMount()).each(driverNames)(
  'a full disk (needs the right to mount one) under %s',
  (driver) => {
    it.each([0, 4_096, 32_768, 65_536, 131_072])('with %s bytes left is said, and heals', async (left) => {
      const disk = smallDisk()
      const home = join(disk, 'home')
      const store = await openStore({ home, driver })
      await store.connections.insert(connection({ itemId: 'first' }), 'sealed')
      fillDisk(disk, left)
      let stored = 1
      const insert = async () => {
        await store.connections.insert(connection({ itemId: `item-${stored}` }), 'x'.repeat(20_000))
        stored++
      }
      const failing = (async () => {
        for (let number = 0; number < 60; number++) await insert()
      })()
      await expect(failing).rejects.toMatchObject({ code: 'DISK_FULL' })
      expect(await store.connections.list()).toHaveLength(stored)
      freeDisk(disk)
      await insert()
      expect(await store.connections.list()).toHaveLength(stored)
      await store.close()
    })

    it('with a reserve still takes deletions and states, says so to the rest, and heals when there is room', async () => {
      const disk = smallDisk(8)
      const home = join(disk, 'home')
      let time = 0
      const store = await openStore({ home, driver, now: () => time })
      expect(store.reserve.keep()).toBe(true)
      for (const itemId of ['first', 'second'])
        await store.connections.insert(connection({ itemId }), 'x'.repeat(20_000))
      fillDisk(disk, 0)
      const rule = (match: string) =>
        store.rules.put({
          ruleId: match,
          match: match.repeat(5_000),
          kind: 'income',
          category: null,
          createdAt: '',
        })
      const full = { code: 'DISK_FULL' }
      const failing = (async () => {
        for (let number = 0; number < 60; number++) await rule(`rule ${number}`)
      })()
      await expect(failing).rejects.toMatchObject(full)
      // Not for want of room: that is left for what must be written.
      await expect(rule('one more')).rejects.toMatchObject(full)
      expect(await store.connections.list()).toHaveLength(2)
      await store.connections.change('first', (row) => ({ ...row, syncError: 'DISK_FULL' }))
      await store.connections.remove('second')
      expect(await store.connections.list()).toMatchObject([{ itemId: 'first', syncError: 'DISK_FULL' }])
      freeDisk(disk)
      time += 60_000
      await rule('healed')
      expect(statSync(join(home, 'disk.reserve')).size).toBe(4 * 1024 * 1024)
      await store.close()
    })

    it('is made no reserve on that it has no room for, and is written as far as it goes', async () => {
      const home = join(smallDisk(), 'home')
      const store = await openStore({ home, driver })
      expect(store.reserve.keep()).toBe(false)
      expect(existsSync(join(home, 'disk.reserve'))).toBe(false)
      await store.connections.insert(connection({ itemId: 'first' }), 'sealed')
      await store.close()
    })

    it('cannot be started on', async () => {
      const disk = smallDisk()
      const home = join(disk, 'home')
      mkdirSync(home, { mode: 0o700 })
      fillDisk(disk, 8_192)
      await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DISK_FULL' })
      freeDisk(disk)
      await (await openStore({ home, driver })).close()
    })
  },
)
