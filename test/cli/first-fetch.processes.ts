import { describe, expect, it, vi } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { connectBank, household, type Household } from '../support/coffer.ts'
import { runCommand } from '../support/command.ts'
import { connectElsewhere } from '../support/elsewhere.ts'
import { startGate } from '../support/gate.ts'
import { lineTo } from '../support/line.ts'
import { until } from '../support/until.ts'
import { run, runJson, type Running, start } from './process.ts'

// Each starts several processes, which a busy machine makes slow.
vi.setConfig({ testTimeout: 90_000 })

const login = { username: 'user_good', password: 'pass_good' }
const typed = { ...login, institutionId: 'ins_109508' }
const exchange = '/item/public_token/exchange'

async function linkOf(running: Running): Promise<string> {
  const pattern = /http:\/\/127\.0\.0\.1:\d+\/link\/\w+/
  await expect.poll(running.stdout, { timeout: 15_000 }).toMatch(pattern)
  return pattern.exec(running.stdout())?.[0] ?? ''
}

async function connect(env: Record<string, string>) {
  const running = start(['connect'], env)
  await finishLink(await linkOf(running), 'success', typed)
  return await running.ended
}

/** What is stored, with nobody asked. */
async function stored({ env }: Household) {
  return (await runJson(['sync', '--max-age', '-1'], env)).json
}

const whole = {
  complete: true,
  connections: [{ status: 'active' }],
  totals: [{ bank_balance: expect.any(Number), income: expect.any(Number) }],
}

/** Plaid over a line that is cut as soon as the exchange has been answered. */
async function cutAfterExchange({ simulator, env }: Household) {
  const line = await lineTo(Number(new URL(simulator.url).port))
  const gate = await startGate(`http://127.0.0.1:${line.port}`, exchange)
  const isCut = gate.reached({ page: 1, side: 'answered' }).then(line.cut)
  return {
    env: { ...env, PLAID_BASE_URL: gate.url },
    async mend() {
      await isCut
      await line.mend()
    },
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
    },
  }
}

describe('what was just connected', () => {
  it('is fetched before connect ends, however slow Plaid is', async () => {
    await using house = await household()
    house.simulator.controls.failNext('/transactions/get', { kind: 'slow', ms: 2_000 })
    expect(await connect(house.env)).toMatchObject({ code: 0, stderr: '' })
    expect(await stored(house)).toMatchObject(whole)
  })

  it('is fetched by the copy that connected it, without being asked', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    await until(
      async () => (await copy.call('list_connections')).connections[0]?.last_synced_at !== undefined,
    )
    expect(await copy.call('sync_snapshot', { max_age_minutes: -1 })).toMatchObject(whole)
  })

  it('is connected though the network goes right after: connect says what is missing, sync brings it', async () => {
    await using house = await household()
    await using cut = await cutAfterExchange(house)
    const { code, stdout } = await connect(cut.env)
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /\nFirst Platypus Bank is connected\.\nWhat First Platypus Bank has could not be fetched yet; coffer-mcp sync does it later\.\nPLAID_UNREACHABLE: /,
      ),
    })
    await cut.mend()
    expect(await run(['sync'], cut.env)).toMatchObject({ code: 0 })
    expect(await stored(house)).toMatchObject(whole)
    expect(house.simulator.controls.items()).toHaveLength(1)
  })

  it('is connected by a copy all the same, whose answers name the bank that is missing', async () => {
    await using house = await household()
    await using cut = await cutAfterExchange(house)
    const copy = await house.start(cut.env)
    const { item_id } = await connectBank(copy)
    const without = await copy.call('sync_snapshot')
    expect(without).toMatchObject({
      complete: false,
      totals: [],
      connections: [{ item_id, error: { code: 'PLAID_UNREACHABLE' } }],
    })
    await cut.mend()
    expect(await copy.call('sync_snapshot', { max_age_minutes: 0 })).toMatchObject(whole)
    expect(house.simulator.controls.items()).toHaveLength(1)
  })

  it('is kept though the network took the answer of the exchange: connect says so, and it is finished later', async () => {
    await using house = await household()
    await using line = await lineTo(Number(new URL(house.simulator.url).port))
    const env = { ...house.env, PLAID_BASE_URL: `http://127.0.0.1:${line.port}` }
    const { controls } = house.simulator
    controls.failNext(exchange, { kind: 'hang', after: true })
    const running = start(['connect'], env)
    await finishLink(await linkOf(running), 'success', typed)
    await until(() => controls.calls().some(({ path }) => path === exchange))
    await line.cut()
    await expect.poll(running.stdout, { timeout: 25_000 }).toMatch(/not known yet how it went\. Plaid/)
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(77)
    await line.mend()
    const finish = /coffer-mcp call check_connection '(.*)'/.exec(stdout)?.[1] ?? ''
    expect(await runJson(['call', 'check_connection', finish], env)).toMatchObject({
      json: { outcome: 'connected' },
    })
    expect(controls.items()).toHaveLength(1)
    expect((await runJson(['list'], env)).json).toMatchObject({ total: 1 })
  })

  it('of a token that was imported is named where it could not be fetched', async () => {
    await using house = await household()
    const { token, itemId } = await connectElsewhere(house)
    house.simulator.controls.failNext('/accounts/get', { kind: 'html', status: 502 }, { times: 50, itemId })
    const { code, stdout } = await runCommand(
      ['tokens', 'import'],
      house.env,
      JSON.stringify({ access_token: token }),
    )
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /imported\s+First Platypus Bank[^]*What First Platypus Bank has could not be fetched yet; coffer-mcp sync does it later\.\nPLAID_DOWN: /,
      ),
    })
  })
})

describe('a login that was just mended', () => {
  async function mend(house: Household, args: readonly string[] = []): Promise<Running> {
    const running = start(['reauth', ...args], house.env)
    const screen = args.includes('--json') ? running.stderr : running.stdout
    await expect.poll(screen, { timeout: 15_000 }).toMatch(/\/link\/\w+/)
    await finishLink(/http:\S+/.exec(screen())?.[0] ?? '', 'success', login)
    return running
  }

  it('is told to be, and apart from it that the fetch failed, at a terminal and in JSON', async () => {
    await using house = await household()
    expect(await connect(house.env)).toMatchObject({ code: 0 })
    const { controls } = house.simulator
    const [{ itemId } = { itemId: '' }] = controls.items()
    controls.resetLogin(itemId)
    controls.failNext('/accounts/get', { kind: 'html', status: 502 }, { times: 50, itemId })
    const told = await (await mend(house)).ended
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /\nFirst Platypus Bank works again; Plaid has confirmed it\.\n {2}Status: .*\nWhat First Platypus Bank has could not be fetched yet; coffer-mcp sync does it later\.\nPLAID_DOWN: .*/,
      ),
    })

    controls.resetLogin(itemId)
    const { code, stdout, stderr } = await (await mend(house, ['--json'])).ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'repaired' })
    expect(stderr).toMatch(/could not be fetched yet; coffer-mcp sync does it later\.\nPLAID_DOWN: /)
  })
})
