import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import type { Fault } from '../../src/simulator/index.ts'
import { type Copy, type Household, household, script } from '../support/coffer.ts'
import { filesBelow, leaksIn, type Planted, plant } from './planted.ts'

const faults: readonly [string, Fault][] = [
  ['/accounts/get', { kind: 'error', code: 'ITEM_LOGIN_REQUIRED' }],
  ['/item/get', { kind: 'error', code: 'INTERNAL_SERVER_ERROR' }],
  ['/transactions/get', { kind: 'html', status: 502 }],
  ['/investments/holdings/get', { kind: 'reset' }],
  ['/transactions/get', { kind: 'truncated' }],
  ['/accounts/get', { kind: 'error', code: 'RATE_LIMIT' }],
  ['/link/token/create', { kind: 'error', code: 'INVALID_API_KEYS' }],
  ['/item/get', { kind: 'error', code: 'INVALID_ACCESS_TOKEN' }],
  ['/link/token/create', { kind: 'html', status: 503 }],
  ['/accounts/balance/get', { kind: 'error', code: 'INSTITUTION_DOWN' }],
]

const readings: readonly [Parameters<Copy['call']>[0], object][] = [
  ['list_connections', { refresh: true }],
  ['sync_snapshot', { max_age_minutes: 0, live_balances: true }],
  ['get_positions', {}],
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
  ['call', 'sync_snapshot', '{"days": 90}'],
  ['call', 'nonsense'],
  ['doctor'],
  ['doctor', '--json'],
  ['install', 'claude-desktop', '--yes'],
  ['uninstall', 'claude-desktop', '--yes'],
]

describe('planted secrets', () => {
  it.each([
    ['a key file', (planted: Planted, house: Household) => ({ ...house.env, PLAID_SECRET: planted.secret })],
    [
      'a passphrase',
      (planted: Planted, house: Household) => ({
        ...house.env,
        COFFER_KEY: 'env',
        TOKEN_ENCRYPTION_KEY: planted.passphrase,
      }),
    ],
  ])(
    'appear in no output, log or file, sealed with %s',
    async (_name, envOf) => {
      const planted = plant()
      await using house = await household({
        clientId: planted.clientId,
        secret: planted.secret,
        onExchange: planted.onExchange,
      })
      const logFile = join(house.home, 'coffer.log')
      const env = { ...envOf(planted, house), COFFER_LOG_LEVEL: 'debug', COFFER_LOG_FILE: logFile }
      const said: string[] = []
      const copy = await house.start(env)
      await connectCustomUser(copy, planted, said)
      for (const [path, fault] of [[null, null] as const, ...faults]) {
        if (path !== null) house.simulator.controls.failNext(path, fault)
        for (const [name, args] of readings)
          said.push(JSON.stringify(await copy.client.callTool({ name, arguments: { ...args } })))
      }
      await copy.close()
      for (const command of commands) said.push(await run(command, env))

      const keys = keysOf(house)
      expect(planted.seen.size).toBeGreaterThan(5)
      expect(new Set(leaksIn(said.join('\n'), planted, keys, true))).toEqual(new Set())
      expect(leaksIn(copy.stderr(), planted, keys)).toEqual([])
      expect(leaksIn(readFileSync(logFile, 'utf8'), planted, keys)).toEqual([])
      expect(readFileSync(logFile, 'utf8')).toContain('plaid.call')
      expect(leaksIn(filesBelow(join(house.home, 'data')), planted, keys)).toEqual([])
      expect(said.length).toBeGreaterThan(100)
    },
    120_000,
  )
})

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
