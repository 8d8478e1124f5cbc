import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import { CofferError } from '../errors.ts'
import { boundSockets } from './sockets.ts'

// An import would read every export of it, and among them is undici: 13 MiB that a leader does without.
const { createServer } = process.getBuiltinModule('node:http')

export interface Listener {
  readonly port: number
  /** Takes no more requests and waits, a second at most, for those that are being answered. */
  close(): Promise<void>
}

/** Answers a request, and never rejects. */
export type Door = (request: IncomingMessage, response: ServerResponse) => Promise<void>

// Whoever sends slowly is cut: within 6 s while headers are missing, within 8 s while the body is.
const options: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 6_500,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 8 * 1024,
}
const lastAnswersMs = 1_000

/** @param door what answers the requests; asked for with each @throws CofferError PORT_TAKEN */
export async function serve(door: () => Promise<Door>, port: number): Promise<Listener> {
  const server = createServer(options, (request, response) => {
    void door().then(
      (answer) => answer(request, response),
      () => response.writeHead(503).end('no'),
    )
  })
  server.maxRequestsPerSocket = 100
  boundSockets(server)
  await opened(server, port)
  // A fault of the listening socket is no reason for the whole program to end.
  server.on('error', () => undefined)
  return { port: portOf(server), close: () => closed(server) }
}

function opened(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, port)))
    server.listen(port, '127.0.0.1', resolve)
  })
}

function cannotListen(error: Error, port: number): CofferError {
  if ('code' in error && error.code === 'EADDRINUSE') {
    return new CofferError('PORT_TAKEN', `Port ${port} of this machine is used by another program.`, {
      fix: 'Set COFFER_PORT to another port, or end the program that has it; logins are checked now and then meanwhile.',
      retryable: true,
    })
  }
  return new CofferError('BAD_SETTING', `Port ${port} cannot be listened on.`, {
    fix: 'Set COFFER_PORT to a port that this user may use, such as 8765.',
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), lastAnswersMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no port')
  return address.port
}
