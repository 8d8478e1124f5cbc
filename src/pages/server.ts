import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { PageDeps } from './index.ts'
import { pageRoutes } from './routes.ts'

export interface PageServer {
  readonly port: number
  /** Cuts every connection and waits for nobody. */
  close(): Promise<void>
}

/** Only this machine can reach them. A port that cannot be had, as when another copy has it, is replaced by a free one. */
export async function servePages(deps: PageDeps): Promise<PageServer> {
  const server = await listen(deps.port).catch(() => listen(0))
  const port = portOf(server)
  const listener = getRequestListener(pageRoutes(deps, port).fetch, { overrideGlobalObjects: false })
  server.on('request', (request, response) => void listener(request, response))
  return { port, close: () => closed(server) }
}

/** Neither the server nor a browser that keeps its connection open keeps the process alive. */
async function listen(port: number): Promise<Server> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 1_000 })
  server.on('connection', (socket) => socket.unref())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A fault of the listening socket is no reason for the whole program to end.
  server.on('error', () => undefined)
  return server.unref()
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the pages listen on no port')
  return address.port
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
