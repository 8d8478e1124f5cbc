import { openSync } from 'node:fs'
import type { Config } from './config.ts'
import { CofferError } from './errors.ts'

type Fields = Readonly<Record<string, string | number | boolean | null>>

/** Structured lines on stderr or a file. Fields are flat and ours: no rows, no tokens, no foreign text. */
export interface Log {
  error(event: string, fields?: Fields): void
  warn(event: string, fields?: Fields): void
  info(event: string, fields?: Fields): void
  debug(event: string, fields?: Fields): void
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }

/**
 * The second net, after "no secret is ever handed to the log": whatever looks like a Plaid token, a sealed
 * record or a long secret is blanked out.
 */
const tokenLike =
  /\b(?:access|public|link|processor)-(?:sandbox|production)-[\w-]+|\bv1\.[\w.-]{40,}|\b[0-9a-f]{30,}\b/gi

export function redact(text: string): string {
  return text.replace(tokenLike, '[secret]')
}

/** pino is loaded only when something is to be logged: it costs start-up time, and the default is silence. */
export async function createLog(config: Pick<Config, 'logLevel' | 'logFile'>): Promise<Log> {
  if (config.logLevel === 'silent') return silentLog
  // A bundled CommonJS package has its default export only.
  const { default: pino } = await import('pino')
  // stdout belongs to the protocol, so the destination is always given.
  const destination = pino.destination({ dest: openedFile(config.logFile) ?? 2, sync: true })
  // A full disk must not end the program: what cannot be written is lost.
  destination.on('error', () => undefined)
  const logger = pino({ level: config.logLevel, base: { pid: process.pid } }, destination)
  const at =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (event: string, fields: Fields = {}) =>
      logger[level](redactFields(fields), event)
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

function openedFile(path: string | null): number | null {
  if (path === null) return null
  try {
    return openSync(path, 'a', 0o600)
  } catch {
    throw new CofferError('BAD_SETTING', `COFFER_LOG_FILE cannot be written: ${path}.`, {
      fix: 'Name a file in a directory that exists and that you may write to.',
    })
  }
}

function redactFields(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  )
}
