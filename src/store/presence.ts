import { join } from 'node:path'
import { CofferError, isCofferError } from '../errors.ts'
import { type Lock, waitForLock } from '../lock.ts'
import { directoriesIn } from './backups/directories.ts'
import { withOffer } from './backups/offer.ts'
import { putAside } from './backups/quarantine.ts'
import { type Database, type DatabaseOptions, openDatabase } from './dialect.ts'
import type { Driver } from './drivers/driver.ts'
import { refuseUnusable } from './drivers/file.ts'

export interface PresentOptions extends DatabaseOptions {
  readonly home: string
}

const tries = 3
const patienceMs = 15_000
/** Those who are about to open it have let go again by then; those who have it open keep it for longer. */
const aloneMs = 1_000

/** Every process has this lock, beside the others, for as long as it has the database open. */
function presenceLock(home: string): string {
  return join(home, 'running.lock')
}

/**
 * Opens the database, and is known to have it open until it is closed. One that is damaged is moved to quarantine, where
 * nobody else has it open, whose writes would be lost: DATABASE_DAMAGED, with what can be done.
 */
export async function openPresent(driver: Driver, options: PresentOptions): Promise<Database> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openBeside(driver, options)
    } catch (error) {
      if (!isCofferError(error, 'DATABASE_DAMAGED') || attempt === tries) throw error
      await settle(driver, options, error)
    }
  }
}

async function openBeside(driver: Driver, options: PresentOptions): Promise<Database> {
  // Before any file of ours is made.
  refuseUnusable(options)
  const presence = await waitForLock(presenceLock(options.home), { kind: 'shared', timeoutMs: patienceMs })
  try {
    return withPresence(await openDatabase(driver, options), presence)
  } catch (error) {
    presence.release()
    throw error
  }
}

function withPresence(database: Database, presence: Lock): Database {
  return {
    ...database,
    async close() {
      try {
        await database.close()
      } finally {
        presence.release()
      }
    },
  }
}

/** Null when anybody has the database open. */
export async function takeAlone(home: string): Promise<Lock | null> {
  try {
    return await waitForLock(presenceLock(home), { timeoutMs: aloneMs })
  } catch (error) {
    if (isCofferError(error, 'DATABASE_BUSY')) return null
    throw error
  }
}

/** Returns when it is whole after all: another process has restored it meanwhile. */
async function settle(driver: Driver, options: PresentOptions, found: CofferError): Promise<void> {
  const { home, path, now } = options
  const alone = await takeAlone(home)
  if (alone === null) throw inUse(found, home, driver)
  try {
    if (await isWhole(driver, options)) return
    const { quarantine } = directoriesIn(home)
    const name = putAside(path, { directory: quarantine, why: 'damaged', now: now() })
    const problem =
      name === null ? found.message : `${path} is damaged. It was moved to ${join(quarantine, name)}.`
    throw withOffer(problem, home, driver)
  } finally {
    alone.release()
  }
}

async function isWhole(driver: Driver, options: PresentOptions): Promise<boolean> {
  try {
    const database = await openDatabase(driver, options)
    await database.close()
    return true
  } catch (error) {
    if (isCofferError(error, 'DATABASE_DAMAGED')) return false
    throw error
  }
}

function inUse(found: CofferError, home: string, driver: Driver): CofferError {
  const offer = withOffer(`${found.message} Another copy of coffer-mcp has it open.`, home, driver)
  return new CofferError(offer.code, offer.message, {
    fix: `Close the clients that started the other copies, and coffer-mcp listen. ${offer.fix ?? ''}`,
  })
}
