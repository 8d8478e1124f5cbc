import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

/** Stands before the simulator, and sees which calls of the same kind were under way at once. */
export interface Turnstile extends AsyncDisposable {
  readonly url: string
  /** The most calls at once to this path by one access token. */
  most(path: string): number
  /** Calls to this path that have come, answered or not. */
  came(path: string): number
}

/** @param heldMs how long each answer about transactions is held back */
export async function startTurnstile(target: string, heldMs: number): Promise<Turnstile> {
  const inside = new Map<string, number>()
  const most = new Map<string, number>()
  const came = new Map<string, number>()

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? ''
    const body = await text(incoming)
    const { access_token: token = '' }: { access_token?: string } = JSON.parse(body)
    const key = `${path} ${token}`
    const now = (inside.get(key) ?? 0) + 1
    inside.set(key, now)
    came.set(path, (came.get(path) ?? 0) + 1)
    most.set(path, Math.max(most.get(path) ?? 0, now))
    // Left for good as well, by a caller that was killed.
    response.once('close', () => inside.set(key, (inside.get(key) ?? 1) - 1))
    const headers = { 'content-type': 'application/json', ...credentialsOf(incoming) }
    const answer = await fetch(target + path, { method: 'POST', headers, body })
    if (path.startsWith('/transactions/')) await sleep(heldMs)
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(await answer.text())
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    most: (path) => most.get(path) ?? 0,
    came: (path) => came.get(path) ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function credentialsOf({ headers }: IncomingMessage): Record<string, string> {
  const names = ['plaid-client-id', 'plaid-secret']
  return Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')]))
}
