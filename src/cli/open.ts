import type { App } from '../app.ts'
import { type Config, mayAskPlaid, readConfig, type Surroundings } from '../config.ts'
import { isCofferError, notConfigured } from '../errors.ts'
import { createLog, type Log, silentLog } from '../log.ts'

/** The program behind a door, opened on first use. A failed opening is tried anew by the next call. */
export interface Opened {
  readonly config: () => Config
  readonly log: () => Promise<Log>
  /** Everything; NOT_CONFIGURED without keys. */
  readonly app: () => Promise<App>
  /** The same, also without keys: for looking at what is there. */
  readonly appWithoutKeys: () => Promise<App>
  /** What one of both has opened, or is about to; null: nothing. */
  readonly running: () => Promise<App> | null
  readonly close: () => Promise<void>
}

export function openLater(surroundings: Surroundings): Opened {
  let opening: Promise<App> | null = null
  let hasKeys = false
  let log: Promise<Log> | null = null
  const opened: Opened = {
    config: () => readConfig(surroundings),
    log() {
      log ??= logFor(surroundings)
      return log
    },
    async app() {
      // What is open has been opened with its settings: they are not read again for every call.
      if (opening === null || !hasKeys) {
        hasKeys = mayAskPlaid(opened.config())
      }
      if (!hasKeys) throw notConfigured()
      return await opened.appWithoutKeys()
    },
    appWithoutKeys() {
      opening ??= open(opened).catch((error: unknown) => {
        opening = null
        throw error
      })
      return opening
    },
    running: () => opening,
    async close() {
      await opening?.then((app) => app.close()).catch(() => undefined)
    },
  }
  return opened
}

/** A setting that cannot be read is said by whatever is asked next; until then there is nothing to log to. */
async function logFor(surroundings: Surroundings): Promise<Log> {
  try {
    const config = readConfig(surroundings)
    return await createLog(config).catch((error: unknown) => onStderr(config, error))
  } catch (error) {
    if (isCofferError(error, 'BAD_SETTING')) return silentLog
    throw error
  }
}

/** A file that cannot be opened keeps nobody from working, nor from being told of what fails. */
async function onStderr(config: Config, error: unknown): Promise<Log> {
  if (!isCofferError(error, 'BAD_SETTING')) throw error
  const log = await createLog({ ...config, logFile: null })
  log.error('log.no_file', { problem: error.message })
  return log
}

/** app.ts brings every room along, so it is loaded only when something is opened. */
async function open(opened: Opened): Promise<App> {
  const { createApp } = await import('../app.ts')
  return await createApp(opened.config(), await opened.log())
}
