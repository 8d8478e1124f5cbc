import { createServer, type Server, type ServerOptions } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { CofferError } from '../errors.ts'
import { answerHeaders, type ListenerApp } from './listener.ts'
import { boundSockets } from './sockets.ts'

export interface Listener {
  readonly port: number
  /** Takes no more requests and waits, a second at most, for those that are being answered. */
  close(): Promise<void>
}

// Whoever sends slowly is cut: within 6 s while headers are missing, within 8 s while the body is.
const options: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 6_500,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 8 * 1024,
}
const lastAnswersMs = 1_000

/** @throws CofferError PORT_TAKEN */
export async function serve(app: ListenerApp, port: number): Promise<Listener> {
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    // sockets.ts does it, and reads less.
    autoCleanupIncoming: false,
    // What cannot even be made a request of, such as a Host that is none.
    errorHandler: () => new Response('no', { status: 400, headers: answerHeaders }),
  })
  const server = createServer(options, (request, response) => void listener(request, response))
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
