import type { Approvals } from '../approval/index.ts'
import { isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ApprovedAction } from '../approved-action.ts'
import type { Environment } from '../model.ts'
import { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import type { Core } from '../tools/context.ts'
import { createRedirectFiles } from './redirect-files.ts'
import type { PageServer } from './server.ts'
import { createSessions, type Sessions } from './sessions.ts'

export interface PagesDeps {
  readonly store: Store
  readonly environment: Environment
  /** Where they are to be; 0 = any free port. */
  readonly port: number
  /** Where files that lead a browser to them lie for a moment; made when it is needed. */
  readonly redirects: string
  /** They have `/healthz` and `/metrics` too. */
  readonly metrics: boolean
  readonly approvals: Approvals
  /** Does what a person has agreed to; what came of it, as the person reads it. */
  readonly perform: (action: ApprovedAction) => Promise<string>
  /** What the tools work with, for the pages that show what they tell. */
  readonly core: () => Core
  readonly now: () => number
  readonly log: Log
}

/** With who may look, and who is told that they came. */
export interface PageDeps extends PagesDeps {
  readonly sessions: Sessions
  /** A browser has come to this path. */
  readonly arrived: (path: string) => void
}

/** The local pages, on loopback. Whoever first needs one opens them, and they stay until the process ends. */
export interface Pages {
  /** Their address, without a slash at the end; null when no page can be had. Opens them if they are not open yet. */
  open(): Promise<string | null>
  /** Where Plaid's page sends the person in the end; null when no page can be had. */
  doneUrl(linkId: string): Promise<string | null>
  /** A page with this question, whose button does it; null when no page can be had. */
  confirmUrl(action: ApprovedAction): Promise<Secret | null>
  /** Opens the pages behind the door in one browser, once; null when no page can be had. */
  entryUrl(): Promise<Secret | null>
  /** A file that leads a browser to one of these; null where it cannot be written. Gone once it was used. */
  redirectFile(url: Secret): Promise<string | null>
  close(): Promise<void>
}

export function createPages(deps: PagesDeps): Pages {
  let serving: Promise<PageServer> | null = null
  let isClosed = false
  const sessions = createSessions(deps.now)
  const redirects = createRedirectFiles(deps.redirects)

  async function start(): Promise<PageServer> {
    const { servePages } = await import('./server.ts')
    const server = await servePages({ ...deps, sessions, arrived: redirects.arrived })
    deps.log.info('pages.open', { port: server.port })
    return server
  }

  async function open(): Promise<string | null> {
    if (isClosed) return null
    serving ??= start()
    try {
      return `http://127.0.0.1:${(await serving).port}`
    } catch (error) {
      serving = null
      deps.log.warn('pages.failed', { code: isCofferError(error) ? error.code : nameOf(error) })
      return null
    }
  }

  return {
    open,
    async doneUrl(linkId) {
      const address = await open()
      return address === null ? null : `${address}/done/${linkId}`
    },
    async confirmUrl(action) {
      const address = await open()
      if (address === null) return null
      const { token } = await deps.approvals.ask(action)
      return new Secret(`${address}/confirm/${token.open()}`)
    },
    async entryUrl() {
      const address = await open()
      return address === null ? null : new Secret(`${address}/enter/${sessions.ticket().open()}`)
    },
    redirectFile: (url) => redirects.make(url),
    async close() {
      isClosed = true
      redirects.close()
      await serving?.then((server) => server.close()).catch(() => undefined)
    },
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
