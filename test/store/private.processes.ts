import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refuseIfShared } from '../../src/private-files.ts'
import { openStore } from '../../src/store/index.ts'
import { nextOutput, runChild, startChild } from './children/start.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

function modes(home: string): Record<string, string> {
  return Object.fromEntries(readdirSync(home).map((name) => [name, modeOf(join(home, name))]))
}

// On Windows access is by lists, which these modes do not show.
describe.skipIf(process.platform === 'win32').each(driverNames)('a data directory on %s', (driver) => {
  it.each(['000', '022', '077', '177'])('is for its owner alone under umask %s', async (umask) => {
    const home = freshHome()
    await nextOutput(startChild('insert-forever', home, driver, '0', umask))
    expect(modeOf(home)).toBe('700')
    expect(modes(home)).toEqual({
      'coffer.db': '600',
      'coffer.db-shm': '600',
      'coffer.db-wal': '600',
      'database.id': '600',
      'migrate.lock': '600',
      'running.lock': '600',
    })
  })

  it.each([0o755, 0o750, 0o701, 0o777])('is refused with mode %o', async (mode) => {
    const home = freshHome()
    mkdirSync(home)
    chmodSync(home, mode)
    await expect(openStore({ home, driver })).rejects.toMatchObject({
      code: 'HOME_NOT_PRIVATE',
      fix: `Run: chmod 700 '${home}'`,
    })
    expect(readdirSync(home)).toEqual([])
  })

  it.each(['coffer.db', 'coffer.db-wal', 'coffer.db-shm'])('is refused with a %s for all', async (name) => {
    const home = freshHome()
    await freshStore({ home, driver })
    chmodSync(join(home, name), 0o644)
    await expect(openStore({ home, driver })).rejects.toMatchObject({
      code: 'HOME_NOT_PRIVATE',
      fix: `Run: chmod 600 '${join(home, name)}'`,
    })
  })

  // Modes do not bind root, so there the process goes on as nobody.
  const nobody = 65_534
  const user = process.getuid?.() === 0 ? nobody : process.getuid?.()

  function own(...paths: string[]): void {
    if (user === nobody) for (const path of paths) chownSync(path, nobody, nobody)
  }

  it.each([
    ['a directory', 0o500, 0o600],
    ['a database', 0o700, 0o400],
  ])('with %s that cannot be written is left alone', async (_case, directoryMode, fileMode) => {
    const home = freshHome()
    const path = join(home, 'coffer.db')
    mkdirSync(home, { mode: 0o700 })
    writeFileSync(path, '', { mode: fileMode })
    own(dirname(home), home, path)
    chmodSync(home, directoryMode)
    const ended = await runChild('open-home', home, driver, '022', String(user))
    chmodSync(home, 0o700)
    expect(ended).toEqual({ code: 0, stdout: 'DATABASE_READ_ONLY', stderr: '' })
    expect(readdirSync(home)).toEqual(['coffer.db'])
  })

  it.skipIf(user !== nobody)('that is somebody else’s is left alone (root alone can test it)', async () => {
    const home = freshHome()
    mkdirSync(home, { mode: 0o700 })
    own(dirname(home))
    const { stdout } = await runChild('open-home', home, driver, '022', String(user))
    expect(stdout).toBe('DATABASE_READ_ONLY')
  })
})

it('asks for no modes on Windows', () => {
  const home = freshHome()
  mkdirSync(home, { mode: 0o755 })
  expect(() => refuseIfShared(home, 'win32')).not.toThrow()
})
