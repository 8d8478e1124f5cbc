import { once } from 'node:events'
import { createServer } from 'node:net'

/** A program of somebody else's that has a port of this machine until it leaves. */
export async function stranger(port = 0): Promise<{ readonly port: number; leave(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    leave: async () => void (await new Promise((resolve) => server.close(resolve))),
  }
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const { port, leave } = await stranger()
  await leave()
  return port
}
