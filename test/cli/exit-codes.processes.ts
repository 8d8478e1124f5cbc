import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { freshEnv, run } from './process.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())

function withKeys(more: Record<string, string> = {}) {
  const keys = { PLAID_CLIENT_ID: simulator.clientId, PLAID_SECRET: simulator.secret }
  return { ...freshEnv(), ...keys, PLAID_BASE_URL: simulator.url, ...more }
}

describe('78: something has to be set', () => {
  it.each([
    ['list'],
    ['sync'],
    ['positions'],
    ['tokens analytics'],
    ['connect'],
    ['reauth'],
    ['call list_connections'],
  ])('%s without keys names them and the way without', async (command) => {
    const { code, stdout, stderr } = await run(command.split(' '), freshEnv())
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
    expect(stderr).toMatch(/^NOT_CONFIGURED: PLAID_CLIENT_ID and PLAID_SECRET are not both set\.\n.*--demo/)
  })

  it('doctor without keys says the rest all the same', async () => {
    const { code, stdout } = await run(['doctor'], freshEnv())
    expect(code).toBe(78)
    expect(stdout).toMatch(/✓ data/)
    expect(stdout).toMatch(/✗ Plaid keys/)
  })

  it('a bad value names the setting, the problem and an example', async () => {
    const { code, stderr } = await run(['list'], withKeys({ PLAID_ENV: 'development' }))
    expect(code).toBe(78)
    expect(stderr).toMatch(/^BAD_SETTING: PLAID_ENV is "development".*June 2024.*\n.*PLAID_ENV=sandbox/)
    expect(await run(['doctor', '--check-minutes', 'often'], withKeys())).toMatchObject({ code: 78 })
  })

  it('a flag mends what the environment has wrong', async () => {
    expect(await run(['list', '--env', 'sandbox'], withKeys({ PLAID_ENV: 'development' }))).toMatchObject({
      code: 0,
    })
  })
})

describe('77: Plaid said no', () => {
  it('to the keys', async () => {
    const env = withKeys({ PLAID_SECRET: 'f'.repeat(30) })
    const { code, stderr } = await run(['connect'], env)
    expect(code).toBe(77)
    expect(stderr).toMatch(/^PLAID_KEYS_REJECTED: /)
    expect(stderr).not.toContain('f'.repeat(30))
    expect(await run(['doctor'], env)).toMatchObject({
      code: 77,
      stdout: expect.stringContaining('✗ Plaid keys: refused in sandbox'),
    })
  })
})

describe('69: Plaid cannot be reached', () => {
  it('by connect and by doctor', async () => {
    const env = withKeys({ PLAID_BASE_URL: 'http://127.0.0.1:1' })
    const { code, stderr } = await run(['connect'], env)
    expect(code).toBe(69)
    expect(stderr).toMatch(/^PLAID_UNREACHABLE: /)
    expect(await run(['doctor'], env)).toMatchObject({ code: 69 })
  })
})

describe('2: not asked rightly', () => {
  it.each([
    [['call', 'nonsense'], 'UNKNOWN_TOOL: There is no tool "nonsense".\nThe tools are: list_connections'],
    [
      ['call', 'sync_snapshot', '{days}'],
      'INVALID_ARGUMENTS: The arguments are not a JSON object.\nWrite them like this',
    ],
    [['call', 'sync_snapshot', '[1]'], 'INVALID_ARGUMENTS: The arguments are not a JSON object.'],
    [['call', 'sync_snapshot', 'null'], 'INVALID_ARGUMENTS: The arguments are not a JSON object.'],
    [
      ['call', 'sync_snapshot', '{"dayz":3}'],
      'INVALID_ARGUMENTS: sync_snapshot: unknown argument "dayz".\nIt takes: max_age_minutes',
    ],
    [['positions', '--group-by', 'colour'], 'INVALID_ARGUMENTS: get_positions: group_by'],
    [['connect', '--kind', 'casino'], 'INVALID_ARGUMENTS: connect_bank: kind'],
  ])('%j', async (args, says) => {
    const { code, stdout, stderr } = await run(args, withKeys())
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
  })
})

describe('1: it did not work', () => {
  it.each([
    [['reauth', '--item-id', 'nobody'], 'UNKNOWN_CONNECTION'],
    [['positions', '--item-id', 'nobody'], 'UNKNOWN_CONNECTION'],
    [['reauth'], 'ITEM_ID_NEEDED'],
  ])('%j', async (args, says) => {
    const { code, stdout, stderr } = await run(args, withKeys())
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(says)
  })

  it('with --json as well prints no half of it', async () => {
    const { code, stdout } = await run(['reauth', '--json'], withKeys())
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })
})

describe('0: it did', () => {
  it.each([
    ['list'],
    ['sync'],
    ['positions'],
    ['tokens analytics'],
    ['doctor'],
    ['call list_connections {}'],
  ])('%s, with no bank yet', async (command) => {
    const { code, stderr, stdout } = await run(command.split(' '), withKeys())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toBe('')
  })
})
