import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { coffer, settingsOf, withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { residentMiB } from './memory.ts'
import { withServer } from './stdio-server.ts'

const rounds = 3
const plaidServer = join(import.meta.dirname, 'plaid-server.mjs')

/** What Plaid's SDK costs: it is loaded on the first call. */
export async function measureFirstPlaidCall(): Promise<Figure[]> {
  return await withPlaid(async (baseUrl) => {
    const [ours, bySdk, byFetch]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await withHome(async (home) => await afterLink(coffer, settingsOf(home, baseUrl))))
      bySdk.push(await afterLink([plaidServer, 'sdk', baseUrl]))
      byFetch.push(await afterLink([plaidServer, 'fetch', baseUrl]))
    }
    const floor = median(byFetch)
    return [
      { name: 'memory after the first Plaid call', unit: 'MiB', value: median(ours), floor },
      { name: '  one-tool server: SDK beside a thin fetch', unit: 'MiB', value: median(bySdk), floor },
    ]
  })
}

async function afterLink(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return await withServer(args, env, async ({ pid, request }) => {
    const result = JSON.stringify(await request('tools/call', { name: 'connect_bank', arguments: {} }))
    if (result.includes('"isError":true')) throw new Error(`no link: ${result}`)
    await setTimeout(1000)
    return residentMiB(pid)
  })
}

/** Answers every call as Plaid answers the two that a fresh link needs. */
async function withPlaid<T>(work: (baseUrl: string) => Promise<T>): Promise<T> {
  const token = 'link-sandbox-00000000-0000-0000-0000-000000000000'
  const answer = {
    link_token: token,
    hosted_link_url: 'https://secure.plaid.com/hl/bench',
    created_at: new Date().toISOString(),
    expiration: new Date(Date.now() + 3_600_000).toISOString(),
    link_sessions: [],
    metadata: {},
    request_id: 'bench',
  }
  const http = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  try {
    return await work(`http://127.0.0.1:${address.port}`)
  } finally {
    http.closeAllConnections()
    http.close()
  }
}
