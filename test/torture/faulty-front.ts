import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

type Spoil = (response: ServerResponse) => void

const json = { 'content-type': 'application/json' }
const status =
  (code: number, headers: Record<string, string> = {}): Spoil =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'text/html', ...headers }).end('<h1>No</h1>')
const plaidError =
  (code: number, type: string, errorCode: string): Spoil =>
  (response) => {
    const body = { error_type: type, error_code: errorCode, error_message: 'made up', display_message: null }
    response.writeHead(code, json).end(JSON.stringify({ ...body, request_id: 'r' }))
  }

/** Ways for Plaid to fail. */
export const faults: Readonly<Record<string, Spoil>> = {
  reset: (response) => void response.socket?.resetAndDestroy(),
  'closed after the head'(response) {
    response.writeHead(200, json)
    response.flushHeaders()
    response.destroy()
  },
  'half a body'(response) {
    response.writeHead(200, { ...json, 'content-length': '1000' })
    response.write('{"accounts":[', () => response.destroy())
  },
  'a byte a second'(response) {
    response.writeHead(200, json)
    const timer = setInterval(() => response.write(' '), 1_000)
    response.once('close', () => clearInterval(timer))
  },
  hang: () => undefined,
  'a page': status(200),
  'no JSON': (response) => void response.writeHead(200, json).end('{"accounts": [1,'),
  'ten megabytes': (response) => void response.writeHead(200, json).end(`{"x":"${'x'.repeat(10_000_000)}"}`),
  '408': status(408),
  '429': status(429),
  '429, in 5 s': status(429, { 'retry-after': '5' }),
  '429, at a date': status(429, { 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' }),
  '429, at no time': status(429, { 'retry-after': 'soon' }),
  '429, before': status(429, { 'retry-after': '-5' }),
  '429, in a year': status(429, { 'retry-after': '31536000' }),
  '500': status(500),
  '502': status(502),
  '503': status(503),
  '504': status(504),
  'a login': plaidError(400, 'ITEM_ERROR', 'ITEM_LOGIN_REQUIRED'),
  'a bank that is down': plaidError(400, 'INSTITUTION_ERROR', 'INSTITUTION_DOWN'),
  'wrong keys': plaidError(400, 'INVALID_INPUT', 'INVALID_API_KEYS'),
  'its own fault': plaidError(500, 'API_ERROR', 'INTERNAL_SERVER_ERROR'),
  'a limit': plaidError(429, 'RATE_LIMIT_EXCEEDED', 'RATE_LIMIT'),
}

/** Stands before the simulator, and fails at one path in one way, as its address says. */
export interface Front extends AsyncDisposable {
  urlFor(fault: string, path: string): string
  /** How often it has failed at that path in that way. */
  failed(fault: string, path: string): number
}

export async function startFront(target: string): Promise<Front> {
  const counts = new Map<string, number>()
  const server = createServer((incoming, response) => {
    const [, key = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(incoming.url ?? '') ?? []
    const [fault = '', path] = decodeURIComponent(key).split('@')
    if (path !== rest) return void pass(target + rest, incoming, response).catch(() => response.destroy())
    counts.set(`${fault}@${path}`, (counts.get(`${fault}@${path}`) ?? 0) + 1)
    incoming.resume().once('end', () => faults[fault]?.(response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a port has such an address.
  const { port } = server.address() as AddressInfo
  return {
    urlFor: (fault, path) => `http://127.0.0.1:${port}/${encodeURIComponent(`${fault}@${path}`)}`,
    failed: (fault, path) => counts.get(`${fault}@${path}`) ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function pass(url: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = new Headers(json)
  for (const name of ['plaid-client-id', 'plaid-secret']) headers.set(name, String(incoming.headers[name]))
  const answer = await fetch(url, { method: 'POST', headers, body: await text(incoming) })
  response.writeHead(answer.status, json).end(await answer.text())
}
