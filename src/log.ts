import type { destination } from 'pino'
import type { Config } from './config.ts'
import { CofferError } from './errors.ts'
import { type LogFile, openLogFile } from './log-file.ts'

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
 * The second net, after "no secret is ever handed to the log": whatever looks like one of these is blanked out, whoever
 * wrote it.
 */
const secretLike = [
  // Plaid's tokens, and the pages that they open.
  /\b(?:access|public|link|processor)-(?:sandbox|development|production)-[\w-]+/gi,
  /\bsecure\.plaid\.com\/[^\s"']+/gi,
  // A sealed record.
  /\bv1\.[\w.-]{40,}/g,
  /\bBearer\s+[\w.~+/-]+=*/gi,
  // A JWT, with or without a signature.
  /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g,
  // Plaid's secret and client id, keys, hashes.
  /\b[0-9a-f]{24,}\b/gi,
  // Numbers of accounts, cards and banks.
  /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/g,
  /(?<![\w-])\d{8,19}(?![\w-])/g,
  /\b\d{4}(?:[ -]\d{4}){2,4}\b/g,
  // Whatever is called a secret.
  /\b(?:secret|client_id|access_token|public_token|link_token|password|passphrase|authorization)["']?\s*[:=]\s*["']?[^\s"',}]+/gi,
] as const

export function redact(text: string): string {
  return secretLike.reduce((left, pattern) => left.replace(pattern, '[secret]'), text)
}

/** pino is loaded only when something is to be logged: it costs start-up time, and the default is silence. */
export async function createLog(config: Pick<Config, 'logLevel' | 'logFile'>): Promise<Log> {
  if (config.logLevel === 'silent') return silentLog
  // A bundled CommonJS package has its default export only.
  const { default: pino } = await import('pino')
  // stdout belongs to the protocol, so the destination is always given.
  const stream = config.logFile === null ? stderrOf(pino.destination) : openedFile(config.logFile)
  const logger = pino({ level: config.logLevel, base: { pid: process.pid } }, stream)
  const at =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (event: string, fields: Fields = {}) =>
      logger[level](redactFields(fields), event)
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

function stderrOf(destinationOf: typeof destination) {
  const stream = destinationOf({ dest: 2, sync: true })
  // What nobody reads any more must not end the program.
  stream.on('error', () => undefined)
  return stream
}

/** pino's own ways to turn a file over are threads of a process of its own, and know of no other process. */
function openedFile(path: string): LogFile {
  try {
    return openLogFile(path)
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
