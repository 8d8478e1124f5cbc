import { createServer, type Server } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type ApiParts, refused } from './api-call.ts'
import { apiRoutes } from './api-routes.ts'
import type { Controls } from './controls.ts'
import { controlRoutes } from './controls-routes.ts'
import { plaidFailure } from './failure.ts'
import { linkRoutes } from './link/routes.ts'

export interface RunningServer {
  readonly port: number
  /** Cuts every connection and waits for nobody. */
  close(): Promise<void>
}

/** `port` 0 takes any free one; only this machine can reach it. */
export async function listen(port: number, parts: ApiParts, controls: Controls): Promise<RunningServer> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  // A web page whose name was made to point here must not get through.
  app.use(async (c, next) => {
    if (!isLoopback(c.req.header('host'))) return c.text('only for this machine', 403)
    return next()
  })
  app.route('/link', linkRoutes(parts.world, parts.save))
  app.route('/_simulator', controlRoutes(controls, parts.save))
  app.route('/', apiRoutes(parts))
  app.onError(({ message }) => refused(parts.world, simulatorFailure(message)))

  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { port: portOf(server), close: () => closed(server) }
}

// A fault of the simulator itself must not pass for one of Plaid's.
function simulatorFailure(message: string) {
  return plaidFailure('INTERNAL_SERVER_ERROR', { message: `the simulator failed: ${message}` })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulator listens on no port')
  return address.port
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)
}
