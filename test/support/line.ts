import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A line to a port of this machine that can be cut and mended; it keeps its own port. */
export interface Line extends AsyncDisposable {
  readonly port: number
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function lineTo(target: number): Promise<Line> {
  const open = new Set<Socket>()
  const carry = (from: Socket) => {
    const to = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  }
  let server = await listening(carry, 0)
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of open) socket.destroy()
    await closed
  }
  return {
    port,
    cut,
    async mend() {
      server = await listening(carry, port)
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut()
    },
  }
}

async function listening(carry: (from: Socket) => void, port: number): Promise<Server> {
  const server = createServer(carry).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
