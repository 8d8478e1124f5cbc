import type { Driver } from './driver.ts'

/** Rejects where its native part does not load. */
export async function betterSqlite3(): Promise<Driver> {
  const { default: Database } = await import('better-sqlite3')
  const memory = new Database(':memory:')
  const version = String(memory.prepare('select sqlite_version()').pluck().get())
  memory.close()
  return {
    name: 'better-sqlite3',
    version,
    open: (path, busyMs) => new Database(path, { timeout: busyMs }),
  }
}
