import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connectBank, type Household, household, ownClock, script, startCopy } from '../support/coffer.ts'
import { freePort } from '../support/port.ts'
import { until } from '../support/until.ts'
import { faults } from './doctor/faults.ts'
import { run } from './process.ts'

const minute = 60_000
const day = 24 * 60 * minute

const offBy = (ms: number) => ({ CLOCK_OFFSET_MS: String(ms) })

describe('the clock, off against the one where Plaid is', () => {
  it.each([
    ['ahead of', 10 * minute, '10 min'],
    ['behind', -3 * day, '3 days'],
  ])('is %s it, with a data directory and without one', async (way, ms, amount) => {
    await using house = await household()
    const wrong = {
      code: 1,
      faults: [`✗ clock: ${amount} ${way} Plaid's`],
      fixes: [expect.stringMatching(/^Let this computer set its clock by itself/)],
    }
    const env = { ...house.env, ...offBy(ms) }
    expect(await faults(env, ownClock)).toEqual(wrong)
    await run(['list'], house.env)
    expect(await faults(env, ownClock)).toEqual(wrong)
  })
})

/** A household that was fetched some days ago, and whose machine has been off since. */
async function longAgo(house: Household, days: number): Promise<void> {
  const env = { ...house.env, ...offBy(-days * day) }
  const copy = await startCopy(env, [], [], [...ownClock, script])
  await connectBank(copy)
  await copy.call('sync_snapshot')
  await copy.close()
}

describe('the schedule', () => {
  it('is behind with a bank that nobody has fetched for days, until a copy runs', {
    timeout: 90_000,
  }, async () => {
    await using house = await household()
    await longAgo(house, 4)
    const daily = { ...house.env, COFFER_SYNC_CRON: '0 6 * * *' }
    expect(await faults(daily)).toEqual({
      code: 1,
      faults: ['✗ schedule: overdue: First Platypus Bank'],
      fixes: [expect.stringMatching(/^They are fetched while a copy runs: .*coffer-mcp listen\.$/)],
    })

    await using plaidDown = await silence()
    const copy = await startCopy({ ...daily, PLAID_BASE_URL: plaidDown.url })
    // It leads a moment after it has begun.
    await until(async () => {
      const { fixes } = await faults(daily)
      return (
        fixes.length === 1 &&
        fixes[0]?.startsWith('coffer-mcp sync --max-age 0 says what keeps them') === true
      )
    })
    await copy.close()

    expect(await run(['sync', '--max-age', '0'], daily)).toMatchObject({ code: 0 })
    expect(await faults(daily)).toEqual({ code: 0, faults: [], fixes: [] })
  })

  it.each(['every morning', '0 6 31 2 *', '61 6 * * *'])('%j is no time that ever comes', async (cron) => {
    await using house = await household()
    expect(await faults({ ...house.env, COFFER_SYNC_CRON: cron })).toEqual({
      code: 78,
      faults: [expect.stringMatching(`^✗ settings: BAD_SETTING: COFFER_SYNC_CRON`)],
      fixes: [expect.stringContaining('COFFER_SYNC_CRON=')],
    })
  })
})

/** Takes every call, and answers none. */
async function silence(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  // What a server that listens on a port has.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A machine without a name server. */
const nameless = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import dns from 'node:dns'
    dns.lookup = (host, options, done) =>
      done(Object.assign(new Error('getaddrinfo ENOTFOUND ' + host), { code: 'ENOTFOUND' }))`)}`,
]

describe('Plaid', () => {
  it('refuses the connection', async () => {
    await using house = await household()
    const url = `http://127.0.0.1:${await freePort()}`
    const wrong = {
      code: 69,
      faults: [
        expect.stringMatching(/^✗ Plaid: PLAID_UNREACHABLE: Plaid cannot be reached.*\(ECONNREFUSED\)/),
      ],
      fixes: [`PLAID_BASE_URL leads to ${url}: let what belongs there answer, or take that setting away.`],
    }
    expect(await faults({ ...house.env, PLAID_BASE_URL: url })).toEqual(wrong)
    await run(['list'], house.env)
    expect(await faults({ ...house.env, PLAID_BASE_URL: url })).toEqual(wrong)
  })

  it('has a name that nobody knows', async () => {
    await using house = await household()
    const { PLAID_BASE_URL: _simulator, ...env } = house.env
    await run(['list'], house.env)
    expect(await faults(env, nameless)).toEqual({
      code: 69,
      faults: [expect.stringMatching(/^✗ Plaid: PLAID_UNREACHABLE: .*\(ENOTFOUND\)/)],
      fixes: [expect.stringMatching(/^Its name could not be looked up: check that this machine is online/)],
    })
  })

  it('takes the call and never answers', async () => {
    await using house = await household()
    await using plaid = await silence()
    await run(['list'], house.env)
    const begun = Date.now()
    expect(await faults({ ...house.env, PLAID_BASE_URL: plaid.url })).toEqual({
      code: 69,
      faults: ['✗ Plaid: PLAID_UNREACHABLE: Plaid did not answer within 15 seconds.'],
      fixes: [expect.stringContaining(`PLAID_BASE_URL leads to ${plaid.url}`)],
    })
    // Of the 15 s, and of what is asked beside them nothing on top.
    expect(Date.now() - begun).toBeLessThan(19_500)
  })
})
