import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Puts a disk of its own at a directory; false where that takes a right that nobody gave. */
export function mountDisk(path: string, megabytes: number): boolean {
  const options = `size=${megabytes}m,mode=0700`
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status === 0
}

export function unmountDisk(path: string): void {
  spawnSync('umount', [path])
}

export function mayMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'coffer-mount-'))
  const mounted = mountDisk(path, 1)
  if (mounted) unmountDisk(path)
  rmSync(path, { recursive: true })
  return mounted
}

/** Leaves `left` bytes of a disk free, or none where somebody else writes to it meanwhile. */
export function fillDisk(disk: string, left: number): void {
  const { bavail, bsize } = statfsSync(disk)
  try {
    writeFileSync(join(disk, filling), Buffer.alloc(Math.max(0, bavail * bsize - left)))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}

export function freeDisk(disk: string): void {
  rmSync(join(disk, filling))
}

const filling = 'filling'
