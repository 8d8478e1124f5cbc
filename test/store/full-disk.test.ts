import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { driverNames, freshHome } from './fixtures.ts'
import { connection } from './rows.ts'

function mount(path: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]).status === 0
}

function mayMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'coffer-mount-'))
  const mounted = mount(path)
  if (mounted) spawnSync('umount', [path])
  rmSync(path, { recursive: true })
  return mounted
}

/** A disk of one megabyte. */
function smallDisk(): string {
  const path = freshHome()
  mkdirSync(path)
  expect(mount(path)).toBe(true)
  onTestFinished(() => void spawnSync('umount', [path]))
  return path
}

/** Leaves `left` bytes free. */
function fill(disk: string, left: number): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'filling'), Buffer.alloc(Math.max(0, bavail * bsize - left)))
}

describe.skipIf(!mayMount()).each(driverNames)(
  'a full disk (needs the right to mount one) under %s',
  (driver) => {
    it.each([0, 4_096, 32_768, 65_536, 131_072])('with %s bytes left is said, and heals', async (left) => {
      const disk = smallDisk()
      const home = join(disk, 'home')
      const store = await openStore({ home, driver })
      await store.connections.insert(connection({ itemId: 'first' }), 'sealed')
      fill(disk, left)
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
      rmSync(join(disk, 'filling'))
      await insert()
      expect(await store.connections.list()).toHaveLength(stored)
      await store.close()
    })

    it('cannot be started on', async () => {
      const disk = smallDisk()
      const home = join(disk, 'home')
      mkdirSync(home, { mode: 0o700 })
      fill(disk, 8_192)
      await expect(openStore({ home, driver })).rejects.toMatchObject({ code: 'DISK_FULL' })
      rmSync(join(disk, 'filling'))
      await (await openStore({ home, driver })).close()
    })
  },
)
