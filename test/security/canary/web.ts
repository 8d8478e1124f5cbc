import { createHash } from 'node:crypto'
import type { Planted } from './planted.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const

/** Where somebody may look who guesses. */
const guessed = [
  '/',
  '/healthz',
  '/metrics',
  '/done/nonsense',
  '/confirm/nonsense',
  '/call/list_connections',
  '/call/nonsense',
  '/connections',
  '/snapshot',
  '/config.json',
  '/coffer.db',
  '/.env',
  '/../coffer.db',
  '/plaid/webhook',
  '/nonsense',
]

async function said(url: URL, init: RequestInit): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000), ...init })
  return [answer.status, JSON.stringify([...answer.headers]), await answer.text()].join('\n')
}

/** Every page that a link leads to, and those that are guessed, by every method, inside the door and outside of it. */
export async function visitPages(entry: string): Promise<string[]> {
  const first = new URL(entry)
  const entered = await fetch(first, { redirect: 'manual' })
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  if (cookie === '') throw new Error('the door did not open')
  const heard = [await entered.text()]
  const paths = new Set(guessed)
  // A page that is found is read, and what it leads to is added while the loop runs.
  for (const path of paths) {
    const page = await said(new URL(path, first.origin), { headers: { cookie } })
    heard.push(page)
    for (const [, to = ''] of page.matchAll(/(?:href|action|src)="(\/[^"#]*)"/g))
      if (paths.size < 100) paths.add(to)
  }
  for (const path of paths) {
    for (const method of methods) {
      for (const headers of [{ cookie }, {}, { cookie, origin: first.origin }]) {
        // Buttons of ours do what they say, and are pressed elsewhere.
        if (method === 'POST' && path.startsWith('/call/') && 'origin' in headers) continue
        heard.push(await said(new URL(path, first.origin), { method, headers }))
      }
    }
  }
  return heard
}

/** What is no webhook of Plaid's, some of it with a proof or a relay's secret, right and wrong. */
export async function sendJunk(port: number, { jwt, relaySecret, secret }: Planted): Promise<string[]> {
  const url = new URL(`http://127.0.0.1:${port}/plaid/webhook`)
  const body = JSON.stringify({
    webhook_type: 'ITEM',
    webhook_code: 'ERROR',
    item_id: 'x',
    access_token: secret,
  })
  const claims = {
    iat: Math.floor(Date.now() / 1000),
    request_body_sha256: createHash('sha256').update(body).digest('hex'),
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'ES256', kid: '6c5516e1-92dc-479e-a8ff-5a51992e0001' })}.${part(claims)}.${'A'.repeat(86)}`
  const json = { 'content-type': 'application/json' }
  const heard: string[] = []
  for (const method of methods) {
    for (const path of ['/plaid/webhook', ...guessed]) {
      const carried = method === 'GET' || method === 'HEAD' ? {} : { body }
      heard.push(await said(new URL(path, url.origin), { method, headers: json, ...carried }))
    }
  }
  for (const proof of [jwt, signed, `${signed}=`, '', 'x'.repeat(4_000)]) {
    for (const relay of [relaySecret, `${relaySecret}x`, '']) {
      const headers = { ...json, 'plaid-verification': proof, 'x-webhook-forward-secret': relay }
      heard.push(await said(url, { method: 'POST', headers, body }))
    }
  }
  return heard
}
