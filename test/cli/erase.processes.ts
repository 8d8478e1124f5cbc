import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { connectBank, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { run, runJson, start } from './process.ts'
import { atTerminal, keys, noTerminal } from './terminal.ts'

// Each starts several processes, which a busy machine makes slow.
vi.setConfig({ testTimeout: 90_000 })

const dataOf = ({ home }: Household) => join(home, 'data')
const alive = ({ simulator }: Household) =>
  simulator.controls.items().flatMap((item) => (item.removed ? [] : [item.itemId]))

/** Two banks that were fetched with the ledger on, a rule, a log in the data directory; no copy runs any more. */
async function lived(tokens = new Set<string>()): Promise<Household> {
  const gather = (side: unknown) => {
    for (const [token] of JSON.stringify(side ?? {}).matchAll(/(?:access|public|link)-sandbox-[\w-]+/g))
      tokens.add(token)
  }
  const house = await household({
    onExchange({ request, response }) {
      gather(request)
      gather(response)
    },
  })
  Object.assign(house.env, {
    COFFER_LEDGER: 'on',
    COFFER_LOG_LEVEL: 'debug',
    COFFER_LOG_FILE: join(dataOf(house), 'coffer.log'),
    COFFER_KEY: `file:${join(dataOf(house), 'own.key')}`,
  })
  const copy = await house.start()
  await connectBank(copy, {}, { label: 'Planted label' })
  await connectBank(copy, { institutionId: 'ins_109511' })
  await copy.call('set_rule', { match: 'planted merchant', kind: 'ignore' })
  await copy.call('sync_snapshot', { max_age_minutes: 0 })
  await copy.close()
  return house
}

const isRemoval = ({ path }: { path: string }) => path === '/item/remove'

function filesOf(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('erase', () => {
  it('without a yes does nothing; with one leaves no name, id or token in any file', async () => {
    const tokens = new Set<string>()
    await using house = await lived(tokens)
    const data = dataOf(house)
    const planted = ['First Platypus Bank', 'Planted label', 'planted merchant', ...tokens, ...alive(house)]
    writeFileSync(join(data, 'notes.txt'), 'not of Coffer')
    // Left by processes that were killed.
    for (const name of ['own.key.0123456789ab.tmp', 'config.json.4711.tmp'])
      writeFileSync(join(data, name), planted.join('\n'))
    expect(await run(['backup'], house.env)).toMatchObject({ code: 0 })
    const before = filesOf(data)
    expect(await run(['erase'], house.env)).toMatchObject({
      code: 77,
      stdout: '',
      stderr: expect.stringMatching(/^NOT_CONFIRMED: .*nothing was erased.*\n.*--yes/),
    })
    expect(filesOf(data)).toEqual(before)
    expect(alive(house)).toHaveLength(2)

    const { code, stdout } = await run(['erase', '--yes'], house.env)
    expect(code).toBe(0)
    expect(stdout).toContain('At Plaid: First Platypus Bank is removed.')
    expect(stdout).toContain(`still in ${data}: notes.txt.`)
    expect(stdout).toMatch(/coffer-mcp uninstall/)
    expect(alive(house)).toEqual([])
    expect(filesOf(data)).toEqual([join(data, 'notes.txt')])
    const left = filesOf(house.home).map((path) => readFileSync(path, 'latin1'))
    expect(planted.length).toBeGreaterThan(8)
    expect(planted.filter((text) => left.some((content) => content.includes(text)))).toEqual([])
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('There is nothing of Coffer'),
    })
  })

  it('keeps everything until Plaid confirms, and then finishes; the directory goes with it', async () => {
    await using house = await lived()
    house.simulator.controls.failNext('/item/remove', { kind: 'html', status: 502 }, { times: 2 })
    const refused = await runJson(['erase', '--yes'], house.env)
    expect(refused).toMatchObject({
      code: 69,
      json: { erased: false, deleted_files: [], left: ['Run coffer-mcp erase again when Plaid answers.'] },
    })
    expect(alive(house)).toHaveLength(2)
    const done = await runJson(['erase', '--yes'], house.env)
    expect(done).toMatchObject({
      code: 0,
      json: {
        erased: true,
        at_plaid: [{ result: 'removed' }, { result: 'removed' }],
        keys: [{ key: 'deleted' }],
      },
    })
    expect(alive(house)).toEqual([])
    expect(existsSync(dataOf(house))).toBe(false)
  })

  it('goes on without Plaid where that is asked for, and names whose permission is left', async () => {
    await using house = await lived()
    await house.simulator.close()
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({ code: 69 })
    expect(existsSync(join(dataOf(house), 'coffer.db'))).toBe(true)
    const { code, stdout } = await run(['erase', '--yes', '--even-without-plaid'], house.env)
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /Take the permission back at First Platypus Bank, Tartan Bank .*my\.plaid\.com/,
      ),
    })
    expect(existsSync(dataOf(house))).toBe(false)
  })

  it('without Plaid keys says what cannot be done, and how it can', async () => {
    await using house = await lived()
    const { code, stderr } = await run(['erase', '--yes'], { ...house.env, PLAID_SECRET: '' })
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr: expect.stringMatching(
        /^NOT_CONFIGURED: .*2 connections cannot be ended at Plaid.*\n.*even-without-plaid/,
      ),
    })
    expect(existsSync(join(dataOf(house), 'coffer.db'))).toBe(true)
  })

  it('leaves connections of the other environment to a run with its keys', async () => {
    await using house = await lived()
    const { code, stdout } = await run(['erase', '--yes'], { ...house.env, PLAID_ENV: 'production' })
    expect({ code, stdout }).toEqual({ code: 69, stdout: expect.stringContaining('PLAID_ENV=sandbox') })
    expect(alive(house)).toHaveLength(2)
  })

  it('does nothing while another copy runs, and names the one that leads', async () => {
    await using house = await lived()
    const copy = await house.start()
    await copy.call('list_connections')
    await until(async () => (await copy.call('sync_schedule')).leader?.pid === copy.pid)
    const { code, stderr } = await run(['erase', '--yes'], house.env)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        new RegExp(
          `^STILL_RUNNING: .*process ${copy.pid}\\).*Nothing was done.*\n.*run coffer-mcp erase again`,
        ),
      ),
    })
    expect(alive(house)).toHaveLength(2)
    expect((await copy.call('list_connections')).connections).toHaveLength(2)
    await copy.close()
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({ code: 0 })
  })

  it('does nothing while a copy that cannot lead has the database open', async () => {
    await using house = await lived()
    const store = await openStore({ home: dataOf(house) })
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^STILL_RUNNING: /),
    })
    expect(alive(house)).toHaveLength(2)
    await store.close()
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({ code: 0 })
  })

  it('touches nothing of a directory that is none of ours, and says what is wrong with one', async () => {
    await using house = await household()
    const COFFER_HOME = join(house.home, 'theirs')
    mkdirSync(COFFER_HOME)
    chmodSync(COFFER_HOME, 0o755)
    const config = join(COFFER_HOME, 'config.json')
    writeFileSync(config, '{"theirs": 1}')
    for (const args of [
      ['erase', '--yes'],
      ['restore', '--list'],
    ]) {
      expect(await run(args, { ...house.env, COFFER_HOME })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^HOME_NOT_PRIVATE: /),
      })
      expect(await run(args, { ...house.env, COFFER_HOME: config })).toMatchObject({
        code: 78,
        stderr: expect.stringMatching(/^BAD_SETTING: .*config\.json is not a directory/),
      })
    }
    chmodSync(COFFER_HOME, 0o700)
    expect(await run(['erase', '--yes'], { ...house.env, COFFER_HOME })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('There is nothing of Coffer'),
    })
    expect(filesOf(COFFER_HOME)).toEqual([config])
  })

  it.skipIf(noTerminal !== null)('keeps the keys where a copy was started during the question', async () => {
    await using house = await lived()
    const terminal = atTerminal(['erase'], house.env)
    await until(() => terminal.screen().includes('Type "erase"'))
    const store = await openStore({ home: dataOf(house) })
    terminal.type('erase')
    terminal.type(keys.enter)
    expect(await terminal.ended).toBe(1)
    expect(terminal.screen()).toMatch(
      /First Platypus Bank is removed\.[^]*Nothing here was deleted[^]*STILL_RUNNING: /,
    )
    expect(existsSync(join(dataOf(house), 'own.key'))).toBe(true)
    await store.close()
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({ code: 0 })
    expect(filesOf(dataOf(house))).toEqual([])
  })

  it.each<[string, (house: Household) => boolean]>([
    ['Plaid is asked', ({ simulator }) => simulator.controls.calls().some(isRemoval)],
    ['the key is gone', (house) => !existsSync(join(dataOf(house), 'own.key'))],
    ['the first files are gone', (house) => !existsSync(join(dataOf(house), 'coffer.log'))],
    ['the note of the database is gone', (house) => !existsSync(join(dataOf(house), 'database.id'))],
    ['the database is gone', (house) => !existsSync(join(dataOf(house), 'coffer.db'))],
  ])('killed as soon as %s, is finished by the next run', async (_moment, isThen) => {
    await using house = await lived()
    const killed = start(['erase', '--yes'], house.env)
    while (!isThen(house) && killed.child.exitCode === null) await setImmediate()
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(await run(['erase', '--yes'], house.env)).toMatchObject({ code: 0 })
    expect({ alive: alive(house), files: filesOf(dataOf(house)) }).toEqual({ alive: [], files: [] })
  })

  it('of a database that is damaged needs to be told to go on, however often it is asked', async () => {
    await using house = await lived()
    const data = dataOf(house)
    writeFileSync(join(data, 'coffer.db'), 'no database at all, and long enough to be looked at'.repeat(50))
    for (let time = 0; time < 2; time += 1)
      expect(await run(['erase', '--yes'], house.env)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^DATABASE_DAMAGED: .*nothing can be ended at Plaid.*\n.*even-without-plaid/,
        ),
      })
    expect(await run(['erase', '--yes', '--even-without-plaid'], house.env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/at every bank that was connected.*\n.*names begin with [\w-]{20,}/),
    })
    expect(filesOf(data)).toEqual([join(data, 'own.key')])
  })

  it('of the demo erases the demo alone', async () => {
    await using house = await lived()
    await run(['list', '--demo'], house.env)
    const { code, stdout } = await run(['erase', '--demo', '--yes'], house.env)
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('Houndstooth Bank is removed'),
    })
    expect(existsSync(join(dataOf(house), 'demo'))).toBe(false)
    expect((await runJson(['list'], house.env)).json).toMatchObject({ total: 2 })
  })

  it.skipIf(noTerminal !== null)('asks at a terminal for the word, and for no other', async () => {
    await using house = await lived()
    for (const [typed, code, left] of [
      ['yes', 77, 2],
      ['erase', 0, 0],
    ] as const) {
      const terminal = atTerminal(['erase'], house.env)
      await until(() => terminal.screen().includes('Type "erase"'))
      terminal.type(typed)
      terminal.type(keys.enter)
      expect(await terminal.ended).toBe(code)
      expect(alive(house)).toHaveLength(left)
    }
  })
})
