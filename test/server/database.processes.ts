import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tools } from '../../src/tools/index.ts'
import { connectBank, type Household, household } from '../support/coffer.ts'
import { runCommand } from '../support/command.ts'

/** Connects a bank and ends the server; the path of the database. */
async function fillAndLeave(house: Household): Promise<string> {
  const copy = await house.start()
  await connectBank(copy)
  await copy.call('sync_snapshot')
  await copy.close()
  return join(house.home, 'data', 'coffer.db')
}

const readers = ['list_connections', 'sync_snapshot', 'token_analytics', 'connect_bank'] as const

describe.concurrent('a database file that is damaged', () => {
  it.for([
    ['of which the head is garbage', (bytes: Buffer) => bytes.fill('garbage!', 0, 100)],
    ['that is something else', () => Buffer.from('My holiday photos.\n'.repeat(400))],
    ['of which the middle is lost', (bytes: Buffer) => bytes.fill(0xa5, 4096, bytes.length - 4096)],
  ] as const)('%s: every tool says so, and not a byte is lost', async ([_what, damage]) => {
    await using house = await household()
    const path = await fillAndLeave(house)
    const bytes = damage(readFileSync(path))
    writeFileSync(path, bytes)
    const copy = await house.start()
    for (const name of tools.map((tool) => tool.name)) {
      const args = name === 'check_connection' ? { item_id: 'any' } : {}
      expect(await copy.failure(name, args)).toMatch(/^DATABASE_DAMAGED: .*backup/s)
    }
    await copy.close()
    const quarantine = join(dirname(path), 'quarantine')
    const kept = readdirSync(quarantine)
    expect(kept).toEqual([expect.stringMatching(/-damaged\.db$/)])
    expect(readFileSync(join(quarantine, kept[0] ?? '')).equals(bytes)).toBe(true)
    expect(await runCommand(['list'], house.env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^DATABASE_DAMAGED: /),
    })
  })

  it('and one that is gone although there was one is not made anew', async () => {
    await using house = await household()
    const path = await fillAndLeave(house)
    writeFileSync(path, '')
    const copy = await house.start()
    expect(await copy.failure('list_connections')).toMatch(/^DATABASE_DAMAGED: /)
    expect(readFileSync(path)).toHaveLength(0)
  })
})

describe.concurrent('a database that another program keeps locked', () => {
  it('is said plainly within the time of a tool, and is well again afterwards', async () => {
    await using house = await household()
    const path = await fillAndLeave(house)
    const copy = await house.start()
    await using locks = new AsyncDisposableStack()
    locks.use(await lock(path))
    const start = Date.now()
    expect(await copy.failure('list_connections')).toMatch(/^DATABASE_BUSY: /)
    expect(Date.now() - start).toBeLessThan(20_000)
    await locks.disposeAsync()
    expect((await copy.call('list_connections')).total).toBe(1)
  })
})

/** Root writes to everything, so only what the kernel itself refuses is read-only or full. */
const canMount = tryMount()

describe.skipIf(!canMount).concurrent('the disk (skipped where nothing may be mounted)', () => {
  it('is read-only: said plainly, and nothing is changed', async () => {
    await using house = await household()
    const path = await fillAndLeave(house)
    const data = join(house.home, 'data')
    const bytes = readFileSync(path)
    using mounts = new DisposableStack()
    mounts.use(mount(data, '--bind', data))
    execFileSync('mount', ['-o', 'remount,ro,bind', data])
    const copy = await house.start()
    for (const name of readers)
      expect(await copy.failure(name)).toMatch(/^DATABASE_READ_ONLY: .*COFFER_HOME/s)
    await copy.close()
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it('is full from the start: said plainly', async () => {
    await using house = await household()
    const data = join(house.home, 'data')
    mkdirSync(data, { mode: 0o700 })
    using mounts = new DisposableStack()
    mounts.use(mount(data, '-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'tmpfs'))
    const copy = await house.start()
    expect(await copy.failure('list_connections')).toMatch(/^DISK_FULL: /)
  })

  it('is full later: what was stored is still read', async () => {
    await using house = await household()
    const data = join(house.home, 'data')
    mkdirSync(data, { mode: 0o700 })
    using mounts = new DisposableStack()
    mounts.use(mount(data, '-t', 'tmpfs', '-o', 'size=4m,mode=0700', 'tmpfs'))
    const copy = await house.start()
    await connectBank(copy)
    const before = await copy.call('sync_snapshot')
    fill(join(data, 'ballast'))
    const after = await copy.client.callTool({ name: 'sync_snapshot', arguments: { max_age_minutes: 0 } })
    expect(JSON.stringify(after)).toMatch(/DISK_FULL/)
    expect((await copy.call('sync_snapshot', { max_age_minutes: -1 })).totals).toEqual(before.totals)
  })
})

function tryMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

/** Unmounted when the test is over, also under a server that is still running. */
function mount(target: string, ...args: string[]): Disposable {
  execFileSync('mount', [...args, target])
  return { [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', target]) }
}

function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(8 * 1024 * 1024))
  } catch {
    // That is what was wanted.
  }
}

/** Holds every lock that SQLite has, from another process. */
async function lock(path: string): Promise<AsyncDisposable> {
  const program = `
    const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(${JSON.stringify(path)}, { timeout: 10_000 })
    database.exec('pragma locking_mode = exclusive; begin exclusive; update meta set value = value')
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
