import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** `daily`: by the leader; `asked`: by a person; `migration`: before the schema was changed; `erasure`: after something was removed;
 * `replaced`: before a restore. */
export type BackupCause = 'daily' | 'asked' | 'migration' | 'erasure' | 'replaced'

/** A whole database in one file. */
export interface Backup {
  readonly name: string
  readonly path: string
  readonly takenAt: string
  readonly cause: string
  readonly bytes: number
}

const SHAPE = /^coffer-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-([a-z]+)\.db$/

/** With what SQLite or we put beside one. */
const OURS = /^coffer-\d{8}T\d{9}Z-[a-z]+\.db(\.part|-wal|-shm|-journal)*$/

/** Sorted by name they are sorted by time. No colon: Windows takes none. */
export function nameOf(takenAt: Date, cause: string): string {
  return `coffer-${takenAt.toISOString().replaceAll(/[-:.]/g, '')}-${cause}.db`
}

/** The files of one directory that are backups by their name; newest first. */
export function listBackups(directory: string): readonly Backup[] {
  return namesIn(directory)
    .toSorted()
    .toReversed()
    .flatMap((name) => {
      const takenAt = timeOf(name)
      const path = join(directory, name)
      const found = statSync(path, { throwIfNoEntry: false })
      if (takenAt === null || found === undefined || !found.isFile()) return []
      return [{ name, path, takenAt, cause: SHAPE.exec(name)?.[8] ?? '', bytes: found.size }]
    })
}

/** Null for a file that has another name. */
export function takenAtOf(path: string): string | null {
  return timeOf(basename(path))
}

function timeOf(name: string): string | null {
  const [, year, month, day, hour, minute, second, ms] = SHAPE.exec(name) ?? []
  return year === undefined ? null : `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`
}

/**
 * Deletes all but `made` and the newest of the others. Those of a migration that was cut off and tried again hold the
 * same: one of them is enough. After the clock was set back the one that was just made is not the newest by its name.
 */
export function prune(directory: string, made: Backup, kept: number): void {
  const all = [made, ...listBackups(directory).filter(({ name }) => name !== made.name)]
  const [, ...repeated] = all.filter(({ cause }) => cause === 'migration')
  const others = all.filter((backup) => !repeated.includes(backup))
  for (const { path } of [...repeated, ...others.slice(kept)]) rmSync(path, { force: true })
}

/** Everything of ours but this one file; what was cut off half-way too. */
export function removeOthers(directory: string, name: string | null): void {
  for (const one of namesIn(directory))
    if (OURS.test(one) && one !== name) rmSync(join(directory, one), { force: true })
}

/** With what lies beside each. */
export function keepNewest(directory: string, kept: number): void {
  const ours = namesIn(directory).filter((name) => OURS.test(name))
  const databases = [...new Set(ours.map((name) => name.replace(/\.db.*$/, '.db')))].toSorted().toReversed()
  const over = databases.slice(kept)
  for (const name of ours)
    if (over.some((database) => name.startsWith(database))) rmSync(join(directory, name), { force: true })
}

export function holdsAny(directory: string): boolean {
  return namesIn(directory).some((name) => OURS.test(name))
}

/** What a process that was killed had begun. Only under the lock: then nobody writes one. */
export function removeUnfinished(directory: string): void {
  for (const name of namesIn(directory))
    if (OURS.test(name) && name.includes('.part')) rmSync(join(directory, name), { force: true })
}

function namesIn(directory: string): string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(directory)
}
