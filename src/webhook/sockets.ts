import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** Plaid sends from a handful; each may hold a body of 64 KiB and some headers. */
const atMost = 128
const discardedBytes = 256 * 1024
const discardMs = 500

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
      if (!request.complete) discard(request)
    })
  })
}

/**
 * Of a request that was answered before its end a little more is read and thrown away, so that whoever sends it
 * comes to read the answer; then the line is cut.
 */
function discard(request: IncomingMessage): void {
  const { socket } = request
  const end = socket.bytesRead + discardedBytes
  const cut = setTimeout(() => socket.destroy(), discardMs)
  // By the end or by a broken line; on the socket, which outlives the request, listeners would pile up.
  request.once('close', () => clearTimeout(cut))
  request.on('data', () => {
    if (socket.bytesRead > end) socket.destroy()
  })
}

function oldest(sockets: ReadonlySet<Socket>): Socket | undefined {
  for (const socket of sockets) return socket
  return undefined
}
