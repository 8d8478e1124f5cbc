import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CofferError, isCofferError } from '../../errors.ts'
import { acquireLock } from '../../lock.ts'
import { preparePrivateDirectory } from '../../private-files.ts'
import { drivers, loadDriver } from '../drivers/load.ts'
import { openStore, type StoreOptions } from '../open.ts'
import type { Store } from '../store.ts'
import { type Decision, decide, type Restored } from './decide.ts'
import { directoriesIn, hasCopies } from './directories.ts'
import { type Backup, listBackups, takenAtOf } from './files.ts'
import type { Copied } from './merge.ts'
import { isGood, markedId, newestGood } from './offer.ts'
import { openCopy } from './open-copy.ts'
import { swap } from './swap.ts'
import { copyBackup, removedMeanwhile, unusable } from './working-copy.ts'

export interface RestoreOptions extends StoreOptions {
  /** A path, or the name of one in COFFER_HOME; null: the newest that is good. */
  readonly file: string | null
}

/** A backup that was checked, and what it would be put into. Nothing there is changed before `apply`. */
export interface Restoring {
  readonly file: string
  /** By its name; null for a file that somebody named otherwise. */
  readonly takenAt: string | null
  /** That of the version that wrote it. */
  readonly schema: number
  /** What is in it, brought to this version's tables. */
  readonly copy: Store
  /** What is there now; null when it is damaged, gone or new: then the copy takes its place. */
  readonly live: Store | null
  /** As it would be now. */
  decide(): Promise<Decision>
  /** Once; rejects with STILL_RUNNING where the copy has to take the place of a database that others have open. */
  apply(chosen: Omit<Copied, 'path'>): Promise<Restored>
  /** Deletes the working copy, and closes what is open. */
  end(): Promise<void>
}

/** Rejects with BACKUP_UNUSABLE, with DATABASE_BUSY while another one restores, or as `openStore` does. */
export async function beginRestore(options: RestoreOptions): Promise<Restoring> {
  const home = resolve(options.home)
  preparePrivateDirectory(home)
  const lock = await acquireLock(join(home, 'restore.lock'))
  if (lock === null) throw underWay()
  const opened = new AsyncDisposableStack()
  opened.defer(() => lock.release())
  opened.defer(() => rmSync(directoriesIn(home).restoring, { recursive: true, force: true }))
  try {
    return await begin({ ...options, home }, opened)
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}

async function begin(options: RestoreOptions, opened: AsyncDisposableStack): Promise<Restoring> {
  const { home } = options
  const now = options.now ?? Date.now
  const driver = await loadDriver(options.driver, options.drivers ?? drivers)
  const present = await openPresent(options)
  if (present.live !== null) opened.defer(() => present.live?.close())
  const isNew = present.live !== null && (await isUnused(present.live))
  // Those of one that has nothing in it have nothing in them either.
  const fits = (id: string) => present.id === null || (id === present.id) !== isNew
  const file = find(home, options.file) ?? newestGood(home, driver, fits)?.path
  if (file === undefined) throw nothing()
  const { path, schema } = copyBackup(home, file, driver, now())
  const copy = await openCopy(options, driver, { path, file })
  opened.defer(() => copy.close())
  if (!isNew && present.id !== null && present.id !== copy.databaseId) throw stranger(home, file)
  const live = isNew ? null : present.live
  return {
    file,
    takenAt: takenAtOf(file),
    schema,
    copy,
    live,
    decide: () => decisionOf(copy, live),
    async apply(chosen) {
      const decision = await decisionOf(copy, live)
      await copy.close()
      if (!existsSync(path)) throw removedMeanwhile()
      if (live !== null) return await live.backups.merge({ ...chosen, path })
      await present.live?.close()
      const aside = isNew ? 'replaced' : 'quarantine'
      const { databaseId } = copy
      return { decision, kept: await swap({ home, copy: path, databaseId, aside, now: now() }) }
    },
    end: () => opened.disposeAsync(),
  }
}

async function decisionOf(copy: Store, live: Store | null): Promise<Decision> {
  return decide({
    copied: await copy.connections.list(),
    live: (await live?.connections.list()) ?? [],
    tombstones: (await live?.tombstones.list()) ?? [],
  })
}

/** Relative to where it is run, or the name of one that is kept here. */
function find(home: string, file: string | null): string | null {
  if (file === null) return null
  if (existsSync(file)) return resolve(file)
  const { backups, replaced } = directoriesIn(home)
  const known = [backups, replaced].flatMap((directory) => listBackups(directory))
  return known.find(({ name }) => name === file)?.path ?? resolve(file)
}

interface Present {
  readonly live: Store | null
  /** Of a database that cannot be opened any more, where that is known. */
  readonly id: string | null
}

/** A directory with nothing in it stays so. */
async function openPresent(options: RestoreOptions): Promise<Present> {
  const { home } = options
  const isEmpty = ['coffer.db', 'database.id'].every((name) => !existsSync(join(home, name)))
  if (isEmpty && !hasCopies(home)) return { live: null, id: null }
  try {
    const live = await openWhole(options)
    return { live, id: live.databaseId }
  } catch (error) {
    if (!isCofferError(error, 'DATABASE_DAMAGED')) throw error
    return { live: null, id: markedId(home) }
  }
}

/** Rows that are put into one that only opens would be as little worth as those that are there. */
async function openWhole(options: RestoreOptions): Promise<Store> {
  const store = await openStore(options)
  try {
    await store.requireWhole()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Tokens are bound to the database's id: none of another one would open here. */
function stranger(home: string, file: string): CofferError {
  return unusable(
    file,
    `is the backup of another data directory than ${home}`,
    'Restore it into an empty directory: set COFFER_HOME to one.',
  )
}

/** Made by a first start, and nothing more. */
async function isUnused({ connections, keys, tombstones }: Store): Promise<boolean> {
  const all = [await connections.list(), await keys.list(), await tombstones.list()]
  return all.every((rows) => rows.length === 0)
}

function nothing(): CofferError {
  return new CofferError('BACKUP_UNUSABLE', 'There is no good backup here. Nothing was changed.', {
    fix: 'Name the file of one that you keep elsewhere: coffer-mcp restore FILE.',
  })
}

function underWay(): CofferError {
  return new CofferError('DATABASE_BUSY', 'Another coffer-mcp restore is under way.', {
    fix: 'Wait for it to end, then try again.',
    retryable: true,
  })
}

export interface Copy extends Backup {
  /** Below COFFER_HOME. */
  readonly directory: 'backups' | 'replaced'
  /** It reads as a database from the first page to the last. */
  readonly isGood: boolean
}

/** Everything that could be restored; of each directory the newest first. */
export async function listCopies({
  home,
  driver: name,
  drivers: from,
}: StoreOptions): Promise<readonly Copy[]> {
  const driver = await loadDriver(name, from ?? drivers)
  const directories = directoriesIn(resolve(home))
  return (['backups', 'replaced'] as const).flatMap((directory) =>
    listBackups(directories[directory]).map((backup) => ({
      ...backup,
      directory,
      isGood: isGood(driver, backup.path),
    })),
  )
}
