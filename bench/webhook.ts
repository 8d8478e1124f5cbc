import { fork } from 'node:child_process'
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { connectionOf } from './rows.ts'

const rounds = 400
const senders = 64
const perSender = 16
const kid = randomUUID()
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = JSON.stringify({ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid })

/** From sending a webhook to its 200, one after the other; and how the slowest fare when 64 send at once. */
export async function measureWebhook(): Promise<Figure[]> {
  return await withProgram('webhook-listener.ts', (ours) =>
    withProgram('webhook-floor.mjs', async (bare) => {
      const [oursMs, bareMs]: [number[], number[]] = [[], []]
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (let round = 0; round < rounds; round += 1) {
        bareMs.push(await timed(bare, agent))
        oursMs.push(await timed(ours, agent))
      }
      agent.destroy()
      // What is compiled while it is measured is no figure of either.
      const [value, floor] = [oursMs, bareMs].map((all) => median(all.slice(rounds / 2)))
      if (value === undefined || floor === undefined) throw new Error('nothing was measured')
      const [slowest, slowestFloor] = [await crowded(ours), await crowded(bare)]
      return [
        { name: 'webhook: verified, stored, answered', unit: 'ms', value, floor, budget: 2 },
        { name: '  64 at once, 99th of 100', unit: 'ms', value: slowest, floor: slowestFloor, budget: 2 },
      ]
    }),
  )
}

async function crowded(port: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: senders })
  const one = async () => {
    const times: number[] = []
    for (let count = 0; count < perSender; count += 1) times.push(await timed(port, agent))
    return times
  }
  const times = (await Promise.all(Array.from({ length: senders }, one))).flat().toSorted((a, b) => a - b)
  agent.destroy()
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN
}

let sent = 0

async function timed(port: number, agent: Agent): Promise<number> {
  const { body, headers } = webhook()
  const start = performance.now()
  const options = { host: '127.0.0.1', port, path: '/plaid/webhook', method: 'POST', agent, headers }
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sending = request(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sending.on('error', reject).end(body)
  })
  if (status !== 200) throw new Error(`a webhook was answered with ${status}`)
  return performance.now() - start
}

/** Each says something else, so that none is a repetition. */
function webhook() {
  sent += 1
  const { itemId, environment } = connectionOf(0)
  const about = { webhook_type: 'HOLDINGS', webhook_code: 'DEFAULT_UPDATE', item_id: itemId, environment }
  const body = JSON.stringify({ ...about, error: null, new_holdings: sent, updated_holdings: 0 }, null, 2)
  const claims = {
    iat: Math.floor(Date.now() / 1000),
    request_body_sha256: createHash('sha256').update(body).digest('hex'),
  }
  const signed = `${encoded({ alg: 'ES256', kid, typ: 'JWT' })}.${encoded(claims)}`
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
  const signature = sign('sha256', Buffer.from(signed), key).toString('base64url')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'plaid-verification': `${signed}.${signature}`,
    },
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function withProgram<T>(file: string, work: (port: number) => Promise<T>): Promise<T> {
  return await withHome(async (home) => {
    const child = fork(join(import.meta.dirname, file), [home, jwk], { stdio: 'ignore' })
    try {
      const [port]: unknown[] = await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended`))),
      ])
      return await work(Number(port))
    } finally {
      child.kill('SIGKILL')
    }
  })
}
