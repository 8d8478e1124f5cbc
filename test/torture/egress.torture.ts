import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { askTools, getPrompts, readResources } from '../security/injection/asking.ts'
import { startHostilePlaid } from '../security/injection/hostile-plaid.ts'
import { hostileLogin } from '../security/injection/login.ts'
import { connectBank, type Copy, type Household, household, startCopy } from '../support/coffer.ts'
import { stranger } from '../support/port.ts'
import { unhurried } from '../support/unhurried.ts'
import { until } from '../support/until.ts'
import { say } from './report.ts'
import { hasStrace, reached, under } from './strace.ts'

const kinds = ['bank', 'brokerage'] as const
if (!hasStrace)
  say('egress: SKIPPED, strace is not here or may not look on: connections to other hosts not counted')
const loud = { COFFER_LOG_LEVEL: 'debug' }

/** Everything that a client can ask for, of banks whose texts are full of addresses; how much that was. */
async function session(house: Household, env: Record<string, string>, log: string): Promise<number> {
  const copy = await startCopy({ ...house.env, ...loud, ...env }, [], under(log))
  let pace: Disposable | null = null
  try {
    await until(() => copy.stderr().includes('webhook.listening'))
    pace = unhurried(house.env.COFFER_HOME ?? '')
    const ids: string[] = []
    for (const [encoding, kind] of kinds.entries()) {
      const typing = { username: 'user_custom', password: hostileLogin(kind, encoding) }
      ids.push((await connectBank(copy, typing, { kind })).item_id)
    }
    await copy.call('sync_snapshot', { max_age_minutes: 0, live_balances: true })
    house.simulator.controls.resetLogin(ids[0] ?? '')
    const known = new Map<string, readonly unknown[]>([
      ['item_id', ids],
      ['account_id', await accountsOf(copy)],
      ['query', ['http']],
      ['match', ['http no row has this']],
      ['wait_seconds', [0]],
    ])
    const answers = await askTools(copy.client, known)
    answers.push(...(await readResources(copy.client, known)), ...(await getPrompts(copy.client, known)))
    return answers.length
  } finally {
    pace?.[Symbol.dispose]()
    await copy.close()
  }
}

async function accountsOf(copy: Copy): Promise<string[]> {
  const { connections } = await copy.call('list_connections')
  return connections.flatMap(({ accounts }) => accounts.slice(0, 1).map(({ account_id: id }) => id))
}

/** Plaid that sends everybody on to another host. */
async function redirecting(to: string) {
  const server = createServer((_, response) => response.writeHead(307, { location: to }).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a port has such an address.
  const { port } = server.address() as AddressInfo
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What is said then. */
async function sentElsewhere(house: Household, port: number, log: string): Promise<string> {
  const env = { ...house.env, PLAID_BASE_URL: `http://127.0.0.1:${port}` }
  const copy = await startCopy(env, [], under(log))
  try {
    await copy.call('sync_snapshot', { max_age_minutes: 0, live_balances: true })
    return await copy.failure('connect_bank')
  } finally {
    await copy.close()
  }
}

it.skipIf(!hasStrace)('a whole session reaches Plaid and no other host', async () => {
  await using house = await household()
  await using plaid = await startHostilePlaid(house.simulator.url)
  const other = await stranger()
  await using elsewhere = await redirecting(`http://127.0.0.1:${other.port}/`)
  const logs = [join(house.home, 'session.strace'), join(house.home, 'elsewhere.strace')] as const
  try {
    // Whoever set a proxy for other programs has not asked this one to use it for loopback.
    const proxy = {
      HTTP_PROXY: `http://127.0.0.1:${other.port}`,
      http_proxy: `http://127.0.0.1:${other.port}`,
    }
    const answers = await session(house, { PLAID_BASE_URL: plaid.url, ...proxy }, logs[0])
    const said = await sentElsewhere(house, elsewhere.port, logs[1])
    const [one, two] = [reached(logs[0]), reached(logs[1])]
    const all = [...one.addresses, ...two.addresses]
    const own = [`127.0.0.1:${new URL(plaid.url).port}`, `127.0.0.1:${elsewhere.port}`]
    const others = all.filter((address) => !own.includes(address))
    const programs = one.programs.length + two.programs.length - 2
    say(
      `egress: ${answers} answers of tools, resources and prompts, a proxy in the environment, and a Plaid that sends ` +
        `us on: ${all.length} connections to Plaid, to other hosts ${others.length} (target 0), ` +
        `other programs started ${programs} (target 0)`,
    )
    expect({ others, programs }).toEqual({ others: [], programs: 0 })
    expect(new Set(all).size).toBe(2)
    expect(said).toMatch(/^PLAID_/)
  } finally {
    await other.leave()
  }
})
