import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import type { Fault } from '../../src/simulator/index.ts'
import { connectBank, type Copy, type Household, household, script } from '../support/coffer.ts'
import { filesBelow, leaksIn, type Planted, plant } from './planted.ts'

/** What fails, the code that the call ends with, and our word for it in an answer. */
const faults: readonly [path: string, fault: Fault, code: string, told: string][] = [
  ['/accounts/get', { kind: 'error', code: 'ITEM_LOGIN_REQUIRED' }, 'ITEM_LOGIN_REQUIRED', 'needs_reauth'],
  ['/item/get', { kind: 'error', code: 'INTERNAL_SERVER_ERROR' }, 'INTERNAL_SERVER_ERROR', 'PLAID_DOWN'],
  ['/transactions/get', { kind: 'html', status: 502 }, 'PLAID_DOWN', 'PLAID_DOWN'],
  ['/investments/holdings/get', { kind: 'reset' }, 'PLAID_UNREACHABLE', 'PLAID_UNREACHABLE'],
  ['/transactions/get', { kind: 'truncated' }, 'PLAID_DOWN', 'PLAID_DOWN'],
  ['/accounts/get', { kind: 'error', code: 'RATE_LIMIT' }, 'RATE_LIMIT', 'PLAID_RATE_LIMITED'],
  [
    '/link/token/create',
    { kind: 'error', code: 'INVALID_API_KEYS' },
    'INVALID_API_KEYS',
    'PLAID_KEYS_REJECTED',
  ],
  ['/item/get', { kind: 'error', code: 'INVALID_ACCESS_TOKEN' }, 'INVALID_ACCESS_TOKEN', 'expired'],
  ['/link/token/create', { kind: 'html', status: 503 }, 'PLAID_DOWN', 'PLAID_DOWN'],
  ['/accounts/balance/get', { kind: 'error', code: 'INSTITUTION_DOWN' }, 'INSTITUTION_DOWN', 'BANK_DOWN'],
]

/** Between them they ask for every path. */
const asked: readonly [Parameters<Copy['call']>[0], object][] = [
  ['sync_snapshot', { max_age_minutes: 0 }],
  ['sync_snapshot', { max_age_minutes: 0, live_balances: true }],
  ['list_connections', { refresh: true }],
  ['get_positions', {}],
  ['search_transactions', {}],
  ['get_cash_flow', { group_by: 'merchant' }],
  ['connect_bank', {}],
]

const readings: readonly [Parameters<Copy['call']>[0], object][] = [
  ['list_connections', { refresh: true }],
  ['sync_snapshot', { max_age_minutes: 0, live_balances: true }],
  ['get_positions', {}],
  ['get_upcoming', {}],
  ['token_analytics', {}],
  ['start_reauth', {}],
  ['start_reauth', { item_id: 'nonsense' }],
  ['check_connection', { link_id: 'nonsense' }],
  ['connect_bank', { kind: 'brokerage' }],
  ['connect_bank', { days: 'many' }],
]

const commands = [
  ['list', '--refresh'],
  ['list', '--json'],
  ['sync', '--max-age', '0'],
  ['positions', '--json'],
  ['tokens', 'analytics'],
  ['keys', 'status'],
  ['keys', 'status', '--json'],
  ['keys', 'rotate'],
  ['keys', 'retire'],
  ['call', 'sync_snapshot', '{"days": 90}'],
  ['call', 'nonsense'],
  ['doctor'],
  ['doctor', '--json'],
  ['install', 'claude-desktop', '--yes'],
  ['uninstall', 'claude-desktop', '--yes'],
]

describe('planted secrets', () => {
  it('appear in no output, log or file', async () => {
    const planted = plant()
    await using house = await planting(planted)
    const { copy, said, log } = await listenTo(house, planted, {})
    for (const [name, args] of readings) said.push(await answer(copy, name, args))
    await copy.close()
    const replaced = keysOf(house)
    for (const command of commands) said.push(await run(command, { ...house.env, ...log }))
    expect(keysOf(house)).not.toEqual(replaced)
    expect(leaks(house, planted, copy, said, [...replaced, ...keysOf(house)])).toEqual(none)
    expect(said.length).toBe(readings.length + commands.length + 2)
  }, 120_000)

  it.concurrent.each(faults)(
    'appear nowhere when %s fails: %o',
    async (path, fault, code, told) => {
      const planted = plant()
      await using house = await planting(planted)
      const { copy, said } = await listenTo(house, planted, {})
      const { item_id } = await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
      house.simulator.controls.failNext(path, fault, { times: 50 })
      for (const [name, args] of asked) said.push(await answer(copy, name, args))
      said.push(await answer(copy, 'start_reauth', { item_id, force: true }))
      await copy.close()
      expect(leaks(house, planted, copy, said, keysOf(house))).toEqual(none)
      expect(failedCalls(house)).toContainEqual({ endpoint: path, code })
      expect(said.join('\n')).toContain(told)
    },
    60_000,
  )

  it('appear nowhere when a passphrase seals them', async () => {
    const planted = plant()
    await using house = await planting(planted)
    const env = { COFFER_KEY: 'env', TOKEN_ENCRYPTION_KEY: planted.passphrase }
    const { copy, said, log } = await listenTo(house, planted, env)
    for (const [name, args] of readings) said.push(await answer(copy, name, args))
    await copy.close()
    for (const command of [['doctor'], ['list']])
      said.push(await run(command, { ...house.env, ...log, ...env }))
    expect(leaks(house, planted, copy, said, [])).toEqual(none)
  }, 60_000)
})

function planting(planted: Planted): Promise<Household> {
  const { clientId, secret } = planted
  return household({ clientId, secret, onExchange: (exchange) => planted.onExchange(exchange) })
}

async function listenTo(house: Household, planted: Planted, env: Record<string, string>) {
  const log = { COFFER_LOG_LEVEL: 'debug', COFFER_LOG_FILE: join(house.home, 'coffer.log') }
  const copy = await house.start({ ...log, ...env })
  const said: string[] = []
  await connectCustomUser(copy, planted, said)
  return { copy, said, log }
}

async function answer(copy: Copy, name: string, args: object): Promise<string> {
  return JSON.stringify(await copy.client.callTool({ name, arguments: { ...args } }))
}

const none = { results: [], stderr: [], log: [], files: [] }

function leaks(house: Household, planted: Planted, copy: Copy, said: string[], keys: string[]) {
  const log = readFileSync(join(house.home, 'coffer.log'), 'utf8')
  // A scan that had nothing to look for, or nothing to look in, would prove nothing.
  const kinds = ['access token', 'public token', 'link token', 'hosted link']
  expect(new Set(planted.seen.values())).toEqual(new Set(kinds))
  expect(log).toContain('plaid.call')
  return {
    results: leaksIn(said.join('\n'), planted, keys, true),
    stderr: leaksIn(copy.stderr(), planted, keys),
    log: leaksIn(log, planted, keys),
    files: leaksIn(filesBelow(join(house.home, 'data')), planted, keys),
  }
}

/** As the log has them; the simulator itself does not see what becomes of an answer. */
function failedCalls(house: Household): { endpoint: unknown; code: unknown }[] {
  return readFileSync(join(house.home, 'coffer.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line): { endpoint?: unknown; code?: unknown } => JSON.parse(line))
    .map(({ endpoint, code }) => ({ endpoint, code }))
}

async function connectCustomUser(copy: Copy, planted: Planted, said: string[]): Promise<void> {
  const link = await copy.call('connect_bank')
  const user = {
    override_accounts: [
      {
        type: 'depository',
        subtype: 'checking',
        starting_balance: 100,
        numbers: { account: planted.accountNumber, ach_routing: planted.routingNumber },
        identity: { names: [planted.holderName] },
        transactions: [],
      },
    ],
  }
  const typing = { institutionId: 'ins_109508', username: 'user_custom', password: JSON.stringify(user) }
  await clickLink(link.url, 'success', typing)
  const result = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
  expect(result.outcome).toBe('connected')
  said.push(JSON.stringify(link), JSON.stringify(result))
}

/** The key as it stands in its file, and as it would stand in a dump; none where a passphrase is used. */
function keysOf(house: Household): string[] {
  const path = join(house.home, 'test.key')
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8').trim()
  const key = Buffer.from(text.split(/[\s.:]/).at(-1) ?? '', 'base64url')
  expect(key).toHaveLength(32)
  return [key.toString('base64url'), key.toString('base64'), key.toString('hex')]
}

async function run(args: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(child, 'close')
  return `${args.join(' ')}: ${text}`
}
