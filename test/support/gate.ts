import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A place in a loop over pages. Pages are counted from 1. */
export interface Moment {
  readonly page: number
  /** The page has been asked for and Plaid knows nothing of it yet, or it has been answered. */
  readonly side: 'asked' | 'answered'
  readonly isLast?: boolean
}

/** Stands before the simulator, and tells when the loop over one path comes to a moment. */
export interface Gate extends AsyncDisposable {
  readonly url: string
  /** Resolves at the moment; pages are counted anew from now on. Who is at `asked` gets no answer any more. */
  reached(moment: Moment): Promise<void>
  /** Pages that have been answered since. */
  pages(): number
}

export async function startGate(target: string, path: string): Promise<Gate> {
  let moment: (Moment & { readonly reach: () => void }) | null = null
  let asked = 0
  let answered = 0

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const isPage = incoming.url === path
    if (isPage) asked += 1
    const own = isPage && moment?.page === asked ? moment : null
    if (own?.side === 'asked') return own.reach()
    const headers = new Headers({ 'content-type': 'application/json' })
    for (const name of ['plaid-client-id', 'plaid-secret']) headers.set(name, String(incoming.headers[name]))
    const body = await text(incoming)
    const answer = await fetch(target + incoming.url, { method: 'POST', headers, body })
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(await answer.text())
    if (!isPage) return
    answered += 1
    await once(response, 'close')
    own?.reach()
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a port has such an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    reached(next) {
      asked = 0
      answered = 0
      return new Promise((reach) => void (moment = { ...next, reach }))
    },
    pages: () => answered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
