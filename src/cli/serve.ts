import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { type Config, mayAskPlaid, readConfig, type Surroundings } from '../config.ts'
import type { Leadership } from '../jobs/leader.ts'
import type { Log } from '../log.ts'
import { createServer } from '../server.ts'
import { type Opened, openLater } from './open.ts'

/** Serves MCP on stdin and stdout until the client goes away. Nothing but the protocol is ever written to stdout. */
export async function serve(surroundings: Surroundings): Promise<void> {
  divertConsole()
  const opened = openLater(surroundings)
  const log = await opened.log()
  const leadership = leadOnce(() => seekToLead(surroundings, opened, log))
  const server = createServer({
    async core() {
      const app = await opened.app()
      leadership.seekAgain()
      return app
    },
    readOnly: configOf(surroundings)?.readOnly ?? false,
    log,
    onIdle: leadership.seek,
  })
  const stop = stopper(async () => {
    await server.close().catch(() => undefined)
    await leadership.close()
    await opened.close()
  }, log)
  server.server.onclose = () => stop('transport closed')
  await server.connect(new StdioServerTransport())
}

/** A setting that cannot be read must not keep the server from starting: its tools say what is wrong. */
function configOf(surroundings: Surroundings): Config | null {
  try {
    return readConfig(surroundings)
  } catch {
    return null
  }
}

/** A copy that could not stand when it was idle, for lack of keys, stands as soon as `setup` has settled them. */
function leadOnce(stand: () => Promise<Leadership | null>) {
  let standing: Promise<Leadership | null> | null = null
  let hadNoKeys = false
  function seek(): void {
    standing ??= stand().then((leadership) => {
      hadNoKeys = leadership === null
      if (hadNoKeys) standing = null
      return leadership
    })
  }
  return {
    seek,
    seekAgain: () => void (hadNoKeys && seek()),
    close: async () => await (await standing)?.close(),
  }
}

/** The leader's rooms are loaded only now, when the first list of tools is out. */
async function seekToLead(surroundings: Surroundings, opened: Opened, log: Log): Promise<Leadership | null> {
  const config = configOf(surroundings)
  if (config === null || !mayAskPlaid(config)) return null
  const { startBackground } = await import('./background.ts')
  return startBackground(config, opened, log)
}

/** A dependency that prints would break the protocol. */
function divertConsole(): void {
  Object.assign(console, new console.Console(process.stderr))
}

/**
 * The SDK ends on none of these by itself: with a timer or a database open, the process would outlive its
 * client for ever, and a host that closes our stdout first would see a crash.
 */
function stopper(close: () => Promise<void>, log: Log): (why: string) => void {
  let stopping = false
  const stop = (why: string) => {
    if (stopping) return
    stopping = true
    log.info('server.stopping', { why })
    setTimeout(() => process.exit(0), 1000).unref()
    close().then(
      () => process.exit(0),
      () => process.exit(0),
    )
  }
  process.stdin.once('end', () => stop('stdin ended'))
  process.stdin.once('close', () => stop('stdin closed'))
  process.stdout.on('error', () => stop('stdout failed'))
  process.stderr.on('error', () => undefined)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(signal))
  process.on('unhandledRejection', (reason) => {
    log.error('process.unhandled', { name: reason instanceof Error ? reason.name : typeof reason })
  })
  return stop
}
