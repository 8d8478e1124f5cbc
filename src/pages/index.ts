import { isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Environment } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { PageServer } from './server.ts'

export interface PagesDeps {
  readonly store: Store
  readonly environment: Environment
  /** Where they are to be; 0 = any free port. */
  readonly port: number
  readonly now: () => number
  readonly log: Log
}

/** The local pages, on loopback. Whoever first needs one opens them, and they stay until the process ends. */
export interface Pages {
  /** Where Plaid's page sends the person in the end; null when no page can be had. */
  doneUrl(linkId: string): Promise<string | null>
  close(): Promise<void>
}

export function createPages(deps: PagesDeps): Pages {
  let serving: Promise<PageServer> | null = null
  let isClosed = false

  async function open(): Promise<PageServer> {
    const { servePages } = await import('./server.ts')
    const server = await servePages(deps)
    deps.log.info('pages.open', { port: server.port })
    return server
  }

  return {
    async doneUrl(linkId) {
      if (isClosed) return null
      serving ??= open()
      try {
        return `http://127.0.0.1:${(await serving).port}/done/${linkId}`
      } catch (error) {
        serving = null
        deps.log.warn('pages.failed', { code: isCofferError(error) ? error.code : nameOf(error) })
        return null
      }
    },
    async close() {
      isClosed = true
      await serving?.then((server) => server.close()).catch(() => undefined)
    },
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
