import { join } from 'node:path'
import { holdsAny } from './files.ts'

/** Below COFFER_HOME. Each may hold what the database no longer does. */
export interface Directories {
  readonly backups: string
  /** What a restore put another state in the place of. */
  readonly replaced: string
  /** What was damaged. */
  readonly quarantine: string
  /** While one is restored. */
  readonly restoring: string
}

export function directoriesIn(home: string): Directories {
  return {
    backups: join(home, 'backups'),
    replaced: join(home, 'replaced'),
    quarantine: join(home, 'quarantine'),
    restoring: join(home, 'restoring'),
  }
}

/** A data directory with any of these is no new one. */
export function hasCopies(home: string): boolean {
  const { backups, replaced, quarantine } = directoriesIn(home)
  return [backups, replaced, quarantine].some((directory) => holdsAny(directory))
}
