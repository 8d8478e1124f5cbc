import type { SqliteDatabase } from 'kysely'

export type DriverName = 'better-sqlite3' | 'node:sqlite'

/** An open database file, as Kysely's SQLite dialect and ours need it. */
export interface Handle extends SqliteDatabase {
  readonly inTransaction: boolean
  /** Runs statements whose rows nobody wants. */
  exec(sql: string): void
}

/** One way to reach SQLite. */
export interface Driver {
  readonly name: DriverName
  /** Of the SQLite library, such as 3.54.1. */
  readonly version: string
  /** A statement waits up to `busyMs` for another process. */
  open(path: string, busyMs: number): Handle
}

export type LoadDriver = () => Promise<Driver>
