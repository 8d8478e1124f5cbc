import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { logFilesAt } from '../../log-file.ts'

const locks = ['backup', 'household', 'key', 'links', 'logins', 'migrate', 'simulator'].map(
  (name) => `${name}.lock`,
)
/** Of a restore, of the copy that leads, of one that waits to, and of all that have the database open: held while the rest goes, and gone last. */
export const heldLocks = ['restore.lock', 'leader.lock', 'listen.lock', 'running.lock'] as const

const journals = ['', '-wal', '-shm', '-journal']

/** Directories with whole databases: backups, and what was put aside. */
const copies = ['backups', 'replaced', 'quarantine', 'restoring'] as const
const copy =
  /^(backups|replaced|quarantine|restoring)[\\/]coffer-\d{8}T\d{9}Z-[a-z]+\.db(\.part|-wal|-shm|-journal)*$/

/** Files that lead a browser to a page for a moment. */
const opening = 'opening'

const settingsFile = 'config.json'
/** A restore makes it anew whatever is in it. */
const workplace = 'restoring'

/** Names that any program may use. */
const common: readonly RegExp[] = [
  exactly([workplace]),
  // What was being written when a process was killed: a key file, and the settings.
  /^(.+\.[0-9a-f]{12}|config\.json\.\d+)\.tmp$/,
  exactly([settingsFile]),
]

/** With copies, what nobody but Coffer makes: beside these the common names are ours too. */
const telling: readonly RegExp[] = [
  /^database\.id$/,
  exactly(locks.flatMap((name) => journals.map((suffix) => name + suffix))),
  exactly(journals.map((suffix) => `coffer.db${suffix}`)),
]

/** What Coffer makes in a data directory, the database last: while it is there, it says what is still to be done. */
const ours: readonly RegExp[] = [
  copy,
  /^(simulator\.(json|json\.new|port)|demo\.key)$/,
  ...common,
  /^(rollback-journal|disk\.reserve)$/,
  /^opening[\\/][0-9a-f]{24}\.html$/,
  ...telling,
]

function exactly(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`)
}

/** The demo's banks and what is kept of them, where that is not the data directory itself. */
const demo = 'demo'

export interface Deleted {
  /** Below the data directory. */
  readonly files: readonly string[]
  /** Ours, and still there. */
  readonly failed: readonly string[]
  /** What somebody else put there, and stays. */
  readonly strangers: readonly string[]
}

/** The data directory, and the demo's within it. */
export function placesIn(home: string): readonly string[] {
  return [join(home, demo), home].filter(isDirectory)
}

/** Whether there is anything of ours. */
export function holdsOurs(home: string, logFile: string | null): boolean {
  return placesIn(home).some((place) => oursIn(place, logFile).length > 0)
}

/** Whether there was a database that is gone: the note of it, or copies, are left. What erases takes those first. */
export function hasLostDatabase(home: string): boolean {
  const names = ['', ...copies].flatMap((directory) => filesIn(home, directory))
  return !names.includes('coffer.db') && names.some((name) => name === 'database.id' || copy.test(name))
}

/** Deletes what is ours, and nothing else. */
export function deleteOurs(home: string, logFile: string | null): Deleted {
  const paths = placesIn(home).flatMap((place) => oursIn(place, logFile))
  const failed = paths.filter((path) => !deletePath(path, { recursive: basename(path) === workplace }))
  const files = paths.filter((path) => !failed.includes(path))
  return {
    files: files.map((path) => relative(home, path)),
    failed: failed.map((path) => relative(home, path)),
    strangers: existsSync(home) ? strangersIn(home) : [],
  }
}

/** The locks that were held meanwhile, and the directories if nothing is left in them. */
export function deleteRest(home: string): void {
  for (const place of placesIn(home)) {
    for (const name of heldLocks) for (const suffix of journals) deletePath(join(place, name + suffix))
    for (const name of [...copies, opening]) deleteIfEmpty(join(place, name))
    deleteIfEmpty(place)
  }
}

function oursIn(place: string, logFile: string | null): string[] {
  const files = ['', ...copies, opening].flatMap((directory) => filesIn(place, directory))
  const names = isDirectory(join(place, workplace)) ? [...files, workplace] : files
  const known = isTold(place, names) ? ours : ours.filter((pattern) => !common.includes(pattern))
  const inOrder = known.flatMap((pattern) => names.filter((name) => pattern.test(name)))
  const logFiles = logFile === null ? [] : logFilesAt(resolve(logFile))
  const logs = names.filter((name) => logFiles.includes(join(place, name)))
  return [...logs, ...inOrder].map((name) => join(place, name))
}

/** Whether it is Coffer's directory, by more than names that another program may have. */
function isTold(place: string, names: readonly string[]): boolean {
  const isTelling = (name: string) => [copy, ...telling].some((pattern) => pattern.test(name))
  return names.some(isTelling) || holdsOurSettings(join(place, settingsFile))
}

function holdsOurSettings(path: string): boolean {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const names = Object.keys(parsed ?? {})
    return names.length > 0 && names.every((name) => /^(COFFER|PLAID)_/.test(name))
  } catch {
    return false
  }
}

/** By their paths below the place. */
function filesIn(place: string, directory: string): string[] {
  if (!isDirectory(join(place, directory))) return []
  return readdirSync(join(place, directory), { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => join(directory, name))
}

function strangersIn(home: string): string[] {
  const isHeld = (name: string) => heldLocks.some((lock) => name.startsWith(lock))
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !isHeld(entry.name))
    .map((entry) => relative(home, join(entry.parentPath, entry.name)))
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

function deletePath(path: string, { recursive } = { recursive: false }): boolean {
  try {
    rmSync(path, { force: true, recursive })
    return true
  } catch {
    return false
  }
}

function deleteIfEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch {
    // What somebody else keeps there stays.
  }
}
