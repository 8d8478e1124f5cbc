import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CofferError } from '../../errors.ts'
import { acquireLock, isOpenElsewhere, type Lock } from '../../lock.ts'
import { leaderLocks, placesIn } from './files.ts'

/**
 * Takes the place of the copy that leads, in the data directory and the demo's within it, so that none begins
 * meanwhile. Rejects with STILL_RUNNING; `pid` finds out which process leads.
 */
export async function takeAlone(home: string, pid: () => Promise<number | null>): Promise<Lock> {
  const held: Lock[] = []
  const release = () => held.forEach((lock) => lock.release())
  try {
    for (const place of placesIn(home)) {
      for (const name of leaderLocks) {
        const lock = await acquireLock(join(place, name))
        if (lock === null) throw stillRunning(place === home ? await pid() : null)
        held.push(lock)
      }
    }
    refuseIfOpen(home)
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

/** A copy that has the database open would go on with it. Only while this process has not. */
export function refuseIfOpen(home: string, done = ''): void {
  for (const place of placesIn(home)) {
    const path = join(place, 'coffer.db')
    if (existsSync(path) && isOpenElsewhere(path)) throw stillRunning(null, done)
  }
}

function stillRunning(pid: number | null, done = 'Nothing was done.'): CofferError {
  const which = pid === null ? '' : ` (the one that leads is process ${pid})`
  return new CofferError('STILL_RUNNING', `Another copy of coffer-mcp has the data open${which}. ${done}`, {
    fix: 'Close the clients that started it, such as Claude, and stop coffer-mcp listen; then run coffer-mcp erase again.',
  })
}
