import type { SqliteStatement } from 'kysely'
import { CofferError } from '../../errors.ts'
import type { Driver, Handle } from './driver.ts'
import { databaseDamaged, databaseNewer } from './errors.ts'
import { type Journal, setJournal } from './journal.ts'

export interface OpenOptions {
  readonly path: string
  readonly busyMs: number
  /** The newest schema that this program knows. */
  readonly newest: number
  readonly platform: NodeJS.Platform
  readonly journal: () => Journal
}

/** Opens the file with every check before the first statement that could write to it. */
export function openHandle(driver: Driver, options: OpenOptions): Handle {
  const handle = driver.open(options.path, options.busyMs)
  try {
    handle.exec('pragma trusted_schema = off')
    refuseNewer(handle, options)
    refuseDamaged(handle, options.path)
    tune(handle, options)
    return rememberStatements(handle)
  } catch (error) {
    handle.close()
    throw error
  }
}

const remembered = 200

/** The same few statements run again and again, and to compile one takes as long as to run it. */
function rememberStatements(handle: Handle): Handle {
  const statements = new Map<string, SqliteStatement>()
  const prepare = (text: string): SqliteStatement => {
    const known = statements.get(text) ?? handle.prepare(text)
    if (statements.size >= remembered) statements.clear()
    statements.set(text, known)
    return known
  }
  return {
    get inTransaction() {
      return handle.inTransaction
    },
    prepare,
    exec: (text) => handle.exec(text),
    close: () => handle.close(),
  }
}

function refuseNewer(handle: Handle, { path, newest }: OpenOptions): void {
  if (Number(pragma(handle, 'user_version')) > newest) throw databaseNewer(path)
}

/** DATABASE_DAMAGED unless every page is what it should be. */
export function refuseDamaged(handle: Handle, path: string): void {
  const answer = pragma(handle, 'quick_check(1)')
  if (answer !== 'ok') throw databaseDamaged(path, 'is damaged')
}

function tune(handle: Handle, { platform, journal }: OpenOptions): void {
  if (!setJournal(handle, journal)) throw notLocal()
  handle.exec('pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on')
  handle.exec(`pragma journal_size_limit = ${64 * 1024 * 1024}`)
  // Without it macOS tells the disk nothing, and its cache may lose what was acknowledged.
  if (platform === 'darwin') handle.exec('pragma fullfsync = on; pragma checkpoint_fullfsync = on')
}

function notLocal(): CofferError {
  return new CofferError(
    'BAD_SETTING',
    'COFFER_HOME is on a file system that processes cannot share safely.',
    {
      fix: 'Set COFFER_HOME to a directory on a local disk.',
    },
  )
}

/** The first column of the first row. */
function pragma(handle: Handle, text: string): unknown {
  const [row] = handle.prepare(`pragma ${text}`).all([])
  return Object.values(row ?? {})[0]
}
