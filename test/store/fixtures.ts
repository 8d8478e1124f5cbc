import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openStore, type Store, type StoreOptions } from '../../src/store/index.ts'

export const driverNames = ['better-sqlite3', 'node:sqlite'] as const

/** A path for a data directory that is not there yet, removed after the test with all around it. */
export function freshHome(): string {
  const parent = mkdtempSync(join(tmpdir(), 'coffer-store-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  return join(parent, 'home')
}

/** A store that is closed after the test; a second one on the same home needs `home` given. */
export async function freshStore(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ home: options.home ?? freshHome(), ...options })
  onTestFinished(() => store.close())
  return store
}
