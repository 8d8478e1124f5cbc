import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Plaid sends from a handful; each may hold a body of 64 KiB and some headers. */
const atMost = 256

/**
 * Bounds what connections cost. When there are too many, the one that has waited longest without a complete
 * request goes: thousands that only hang about cannot keep out one that has something to say.
 */
export function boundSockets(server: Server): void {
  const idle = new Set<Socket>()
  let open = 0

  server.on('connection', (socket) => {
    open += 1
    idle.add(socket)
    socket.once('close', () => {
      open -= 1
      idle.delete(socket)
    })
    if (open > atMost) oldest(idle)?.destroy()
  })
  server.on('request', (request, response) => {
    const { socket } = request
    request.once('end', () => idle.delete(socket))
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket)
    })
  })
}

function oldest(sockets: ReadonlySet<Socket>): Socket | undefined {
  for (const socket of sockets) return socket
  return undefined
}
