import { basename } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { CofferError } from './errors.ts'
import { nodeSqlite } from './node-sqlite.ts'
import { createPrivateFile } from './private-files.ts'

/** Held until `release`, or until the process ends in whatever way: the kernel frees it. */
export interface Lock {
  release(): void
}

const pollMs = 25

// A lock that nothing refers to would be collected, closed and so lost while its holder believes in it.
const held = new Set<DatabaseSync>()

/** `shared`: beside others who have it so, and never beside one who has it alone. */
export type LockKind = 'exclusive' | 'shared'

const statements: Readonly<Record<LockKind, string>> = {
  exclusive: 'BEGIN EXCLUSIVE',
  // It is the read that takes it.
  shared: 'BEGIN; SELECT count(*) FROM sqlite_master',
}

/**
 * Takes the lock that the file at `path` stands for, or gives null when somebody else has it, in
 * this process or another. The file is SQLite's, because its locks work alike on every platform; no pragma
 * is sent, since that would wait for the holder.
 */
export async function acquireLock(path: string, kind: LockKind = 'exclusive'): Promise<Lock | null> {
  createPrivateFile(path)
  const { DatabaseSync } = nodeSqlite()
  const database = new DatabaseSync(path, { timeout: 0, open: false })
  try {
    database.open()
    database.exec(statements[kind])
  } catch (error) {
    if (database.isOpen) database.close()
    if (isBusy(error)) return null
    throw unusable(path)
  }
  held.add(database)
  return { release: () => void (held.delete(database) && database.close()) }
}

export interface LockWait {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Default: exclusive. */
  readonly kind?: LockKind
}

/** Waits for the lock. Rejects with DATABASE_BUSY after `timeoutMs`, or as the signal is aborted. */
export async function waitForLock(path: string, { timeoutMs, signal, kind }: LockWait): Promise<Lock> {
  for (let waited = 0; waited <= timeoutMs; waited += pollMs) {
    const lock = await acquireLock(path, kind)
    if (lock !== null) return lock
    await setTimeout(pollMs, undefined, { signal })
  }
  throw new CofferError('DATABASE_BUSY', `Another process has held ${basename(path)} for too long.`, {
    fix: 'Try again; if it goes on, close the other copies of coffer-mcp.',
    retryable: true,
  })
}

/** Does the work while nobody else has the lock; rejects as `waitForLock` does. */
export async function underLock<T>(path: string, work: () => Promise<T>, wait: LockWait): Promise<T> {
  const lock = await waitForLock(path, wait)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === 5
}

function unusable(path: string): CofferError {
  return new CofferError('DATABASE_DAMAGED', `The lock file ${path} cannot be used.`, {
    fix: 'Delete that file while no coffer-mcp runs; it holds no data.',
  })
}
