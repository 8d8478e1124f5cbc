import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { Fault } from '../../src/simulator/faults.ts'
import { tools } from '../../src/tools/index.ts'
import { callOf, initialize, initialized, type Raw, startRaw } from '../server/raw.ts'
import { connectBank, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { type Chance, chanceOf, seedOfRun } from './chance.ts'
import { say } from './report.ts'

const calls = 1_000
const malformed = 200

/** Loaded before the program: as it serves, a dependency prints and is deprecated, all the while. */
const printing = `setInterval(() => {
  if (process.listenerCount('SIGTERM') === 0) return
  for (const name of ['log', 'info', 'debug', 'warn', 'error', 'dir', 'table']) console[name]('a dependency prints')
  process.emitWarning('a dependency is old', 'DeprecationWarning')
}, 20).unref()`
const noise = {
  COFFER_LOG_LEVEL: 'debug',
  NODE_OPTIONS: `--trace-warnings --trace-deprecation --import=data:text/javascript,${encodeURIComponent(printing)}`,
}

/** How much of it is no message of the protocol, in bytes. */
function strayBytes(text: string): number {
  return text.split('\n').reduce((sum, line) => sum + (isMessage(line) ? 0 : Buffer.byteLength(line)), 0)
}

function isMessage(line: string): boolean {
  try {
    const { jsonrpc, id, method, result, error } = JSON.parse(line)
    const isAnswer = id !== undefined && (result === undefined) !== (error === undefined)
    return jsonrpc === '2.0' && (isAnswer || typeof method === 'string')
  } catch {
    return false
  }
}

/** One run of the server; what it wrote. */
async function heard(env: Record<string, string>, work: (raw: Raw) => Promise<void>): Promise<string> {
  await using raw = startRaw({ ...env, ...noise })
  raw.send(initialize)
  await raw.answer(1)
  raw.send(initialized)
  await work(raw)
  raw.child.stdin.end()
  await raw.ended()
  await until(() => raw.child.stdout.readableEnded)
  // Otherwise nothing would have printed.
  expect(raw.stderr()).toContain('a dependency prints')
  return raw.stdout()
}

/** Sends all at once and waits for every answer. */
async function ask(raw: Raw, messages: readonly (readonly [name: string, args: object])[]): Promise<void> {
  for (const [at, [name, args]] of messages.entries()) raw.send(callOf(100 + at, name, args))
  const seen = () => (raw.stdout().match(/"id":\d{3,}/g) ?? []).length
  await until(() => seen() >= messages.length, 60_000)
}

const everyTool = tools.map(({ name }) => [name, {}] as const)
const wrongly = tools.map(({ name }) => [name, { colour: 'red', item_id: 7, __proto__: null }] as const)

async function manyCalls(raw: Raw): Promise<void> {
  const cheap = [
    ['list_connections', {}],
    ['token_analytics', {}],
    ['get_history', { metric: 'net_worth' }],
    ['no_such_tool', {}],
    ['sync_snapshot', { max_age_minutes: -1 }],
    ['sync_snapshot', { max_age_minutes: 'soon' }],
  ] as const
  const rest = Array.from({ length: calls - 2 * tools.length }, (_, n) => cheap[n % cheap.length] ?? cheap[0])
  await ask(raw, [...everyTool, ...wrongly, ...rest])
}

/** Lines that are no message, or not one that anybody expects. */
function nonsense(chance: Chance): string {
  const right = JSON.stringify(callOf(7, 'list_connections'))
  const made: readonly [() => string, ...(() => string)[]] = [
    () => right.slice(0, chance.between(1, right.length - 1)),
    () => `${right}${right}`,
    () => right.replace('2.0', '1.0'),
    () => `[${right},${right}]`,
    () => '['.repeat(chance.between(1, 5_000)),
    () => JSON.stringify({ jsonrpc: '2.0', id: null, method: chance.next() }),
    () => JSON.stringify({ jsonrpc: '2.0', id: { a: 1 }, result: {} }),
    () => String.fromCharCode(...Array.from({ length: 40 }, () => chance.between(11, 0xffff))),
    () => '',
    () => `"${'x'.repeat(100_000)}`,
  ]
  return chance.one(made)()
}

async function malformedLines(raw: Raw, chance: Chance): Promise<void> {
  for (let n = 0; n < malformed; n += 1) raw.send(nonsense(chance))
  await ask(raw, [['list_connections', {}]])
}

const paths = [
  '/item/get',
  '/accounts/get',
  '/transactions/get',
  '/accounts/balance/get',
  '/link/token/create',
] as const
const faults: readonly Fault[] = [
  { kind: 'error', code: 'INTERNAL_SERVER_ERROR' },
  { kind: 'error', code: 'ITEM_LOGIN_REQUIRED' },
  { kind: 'html', status: 502 },
  { kind: 'reset' },
  { kind: 'truncated' },
  { kind: 'drip', ms: 1 },
]

async function injectedFaults(raw: Raw, { simulator: { controls } }: Household): Promise<void> {
  for (const path of paths) for (const fault of faults) controls.failNext(path, fault)
  const live = { max_age_minutes: 0, live_balances: true }
  const some = [
    ['sync_snapshot', live],
    ['list_connections', { refresh: true }],
    ['connect_bank', {}],
    ['start_reauth', { force: true }],
  ] as const
  await ask(raw, Array.from({ length: 5 }, () => some).flat())
}

/** What else a start may find. */
function surroundings({ env, home }: Household): readonly (readonly [string, Record<string, string>])[] {
  const without = (name: string) => Object.fromEntries(Object.entries(env).filter(([key]) => key !== name))
  const newer = join(home, 'newer')
  return [
    ['no keys', { ...without('PLAID_SECRET'), COFFER_HOME: join(home, 'first') }],
    ['a bad setting', { ...env, COFFER_CHECK_MINUTES: 'often' }],
    ['no keychain', { ...env, COFFER_KEY: 'keychain', COFFER_HOME: join(home, 'second') }],
    ['read only', { ...env, COFFER_READ_ONLY: '1' }],
    ['a newer database', { ...env, COFFER_HOME: newer }],
    ['no home', { ...env, COFFER_HOME: '/dev/null/home' }],
  ]
}

async function makeNewer({ home, start }: Household): Promise<void> {
  const COFFER_HOME = join(home, 'newer')
  const copy = await start({ COFFER_HOME })
  await copy.call('list_connections')
  await copy.close()
  const database = new BetterSqlite(join(COFFER_HOME, 'coffer.db'))
  database.pragma('user_version = 1000')
  database.close()
}

it('nothing but the protocol is ever on stdout', async () => {
  const seed = seedOfRun()
  await using house = await household()
  const copy = await house.start()
  await connectBank(copy)
  await copy.close()
  await makeNewer(house)
  const chance = chanceOf(seed)
  const runs = new Map<string, string>()
  runs.set('many calls', await heard(house.env, manyCalls))
  runs.set('malformed lines', await heard(house.env, (raw) => malformedLines(raw, chance)))
  runs.set('faults of Plaid', await heard(house.env, (raw) => injectedFaults(raw, house)))
  await Promise.all(
    surroundings(house).map(
      async ([what, env]) => void runs.set(what, await heard(env, (raw) => ask(raw, everyTool))),
    ),
  )
  runs.set('stderr that nobody reads', await deaf(house))
  const bytes = [...runs.values()].reduce((sum, text) => sum + text.length, 0)
  const strays = [...runs].filter(([, text]) => strayBytes(text) > 0).map(([what]) => what)
  const stray = [...runs.values()].reduce((sum, text) => sum + strayBytes(text), 0)
  say(
    `stdout: ${runs.size} runs with ${calls} calls, ${malformed} malformed lines (seed ${seed}), ` +
      `${paths.length * faults.length} faults, and a dependency that prints: ${bytes} bytes, ` +
      `of them no protocol ${stray} (target 0)`,
  )
  expect(strays).toEqual([])
}, 240_000)

async function deaf({ env }: Household): Promise<string> {
  await using raw = startRaw({ ...env, ...noise })
  raw.child.stderr.destroy()
  raw.send(initialize)
  await raw.answer(1)
  await ask(raw, everyTool)
  raw.child.kill('SIGTERM')
  await raw.ended()
  return raw.stdout()
}
