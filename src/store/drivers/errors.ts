import { CofferError, type CofferErrorDetails, type ErrorCode } from '../../errors.ts'

/** SQLite's result codes that we can meet; those above 255 are finer ones. https://sqlite.org/rescode.html */
const names: Readonly<Record<number, string>> = {
  3: 'PERM',
  5: 'BUSY',
  6: 'LOCKED',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  26: 'NOTADB',
  4874: 'IOERR_SHMSIZE',
}

interface Meaning {
  readonly code: ErrorCode
  readonly message: string
  readonly details: CofferErrorDetails
}

const busy: Meaning = {
  code: 'DATABASE_BUSY',
  message: 'Another process has kept the database locked for too long.',
  details: { fix: 'Try again; if it goes on, close the other copies of coffer-mcp.', retryable: true },
}
const readOnly: Meaning = {
  code: 'DATABASE_READ_ONLY',
  message: 'The database cannot be written.',
  details: { fix: 'Give this user the right to write COFFER_HOME and the files in it.' },
}
const damaged: Meaning = {
  code: 'DATABASE_DAMAGED',
  message: 'The database file is damaged. Nothing was changed.',
  details: { fix: 'Keep the file, and restore COFFER_HOME from a backup.' },
}

const full: Meaning = {
  code: 'DISK_FULL',
  message: 'The disk is full: nothing was saved.',
  details: { fix: 'Free some space, then try again.', retryable: true },
}

const unknownTables: Meaning = {
  code: 'DATABASE_DAMAGED',
  message:
    'The tables of the database are not those of its version: a build that was never released made it.',
  details: {
    fix: 'Move COFFER_HOME aside, and keep it as it is: a new one is made at the next start. The banks have to be connected again.',
  },
}

const meanings: Readonly<Record<string, Meaning>> = {
  BUSY: busy,
  LOCKED: busy,
  PERM: readOnly,
  READONLY: readOnly,
  CANTOPEN: readOnly,
  CORRUPT: damaged,
  NOTADB: damaged,
  FULL: full,
  // The file that processes share beside the WAL cannot grow.
  IOERR_SHMSIZE: full,
  IOERR: {
    code: 'DISK_FAILED',
    message: 'The disk failed while the database was read or written.',
    details: { fix: 'Check the disk that COFFER_HOME is on.' },
  },
}

/** What an error of either driver means; what is no error of SQLite's comes back as it is. */
export function translateSqliteError(error: unknown): unknown {
  const name = sqliteName(error)
  if (name === null) return error
  const meaning = meanings[name]
  if (meaning !== undefined) return errorOf(meaning)
  // The only result code that says nothing by itself: a statement that does not fit the tables.
  if (error instanceof Error && misfits.test(error.message)) return errorOf(unknownTables)
  if (error instanceof Error && /unsupported file format/.test(error.message)) return errorOf(damaged)
  return new CofferError('INTERNAL', `SQLite refused a statement (${name}).`)
}

const misfits =
  /no such (table|column)|has no column named|duplicate column name|(table|index) \S+ already exists/

export function diskFull(): CofferError {
  return errorOf(full)
}

function errorOf({ code, message, details }: Meaning): CofferError {
  return new CofferError(code, message, details)
}

export function databaseDamaged(path: string, problem: string): CofferError {
  return new CofferError(damaged.code, `${path} ${problem}. Nothing was changed.`, damaged.details)
}

export function databaseNewer(path: string): CofferError {
  return new CofferError('DATABASE_NEWER', `${path} was written by a newer version of coffer-mcp.`, {
    fix: 'Update coffer-mcp here too, and restart the copies that still run.',
  })
}

/** `SQLITE_BUSY_SNAPSHOT` of better-sqlite3 and 517 of node:sqlite are both BUSY. */
function sqliteName(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('errcode' in error) {
    const code = Number(error.errcode)
    return names[code] ?? names[code % 256] ?? `code ${code}`
  }
  const [, fine, coarse] = 'code' in error ? (/^SQLITE_(([A-Z]+)\w*)/.exec(String(error.code)) ?? []) : []
  return fine !== undefined && fine in meanings ? fine : (coarse ?? null)
}
