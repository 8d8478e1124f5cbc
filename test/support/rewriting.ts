import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { openRooms, type Rooms } from './rooms.ts'

/** Given each value of each answer, innermost first; what it gives back stands in its place. */
export type Rewrite = (path: string, key: string, value: unknown) => unknown

/** Rooms whose Plaid leaves out what the simulator always tells. */
export async function openRewritten(rewrite: Rewrite): Promise<Rooms> {
  let plaid = ''
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const forward = async () => {
      const headers = { 'content-type': 'application/json', ...idOf(request.headers) }
      const answer = await fetch(plaid + path, { method: 'POST', headers, body: await text(request) })
      const body = JSON.parse(await answer.text(), (key, value: unknown) => rewrite(path, key, value))
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    forward().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const rooms = await openRooms({}, { PLAID_BASE_URL: `http://127.0.0.1:${port}` })
  plaid = rooms.simulator.url
  return {
    ...rooms,
    async [Symbol.asyncDispose]() {
      await rooms[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
    },
  }
}

function idOf(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const names = ['plaid-client-id', 'plaid-secret', 'plaid-version']
  return Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')]))
}
