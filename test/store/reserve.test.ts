import { linkSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import type { Access } from '../../src/store/access.ts'
import { createReserve, sparing } from '../../src/store/reserve.ts'
import { freshHome } from './fixtures.ts'

function place() {
  const home = freshHome()
  mkdirSync(home)
  const path = join(home, 'disk.reserve')
  return { home, path, reserve: createReserve(path, () => 0) }
}

describe('the reserve', () => {
  it('is whole from its first moment on, so that nobody sees a part of it', () => {
    const { home, path, reserve } = place()
    writeFileSync(path, '')
    linkSync(path, join(home, 'as it was'))
    expect(reserve.keep()).toBe(true)
    expect([statSync(path).size, statSync(join(home, 'as it was')).size]).toEqual([4 * 1024 * 1024, 0])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(reserve.giveUp()).toBe(true)
    expect(statSync(path).size).toBe(0)
  })

  it('that cannot be made or given up is none, and leaves nothing beside', () => {
    const { home, path, reserve } = place()
    mkdirSync(join(path, 'in the way'), { recursive: true })
    expect([reserve.keep(), reserve.giveUp()]).toEqual([false, false])
    expect(readdirSync(home)).toEqual(['disk.reserve'])
  })

  it.each(['write', 'quietly', 'note'] as const)('has room for what is vital by %s', async (way) => {
    const { reserve } = place()
    reserve.keep()
    let tries = 0
    const full: Access['write'] = async () => {
      if (++tries === 1) throw new CofferError('DISK_FULL', 'The disk is full.')
      return 'written' as never
    }
    // Nothing else of it is asked for.
    const access = { write: full, quietly: full, note: full } as unknown as Access
    expect(await sparing(access, reserve).vital[way](async () => '')).toBe('written')
    expect(tries).toBe(2)
  })
})
