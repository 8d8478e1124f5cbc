import { join } from 'node:path'
import { CofferError, isCofferError } from '../../errors.ts'
import { acquireLock, type Lock, waitForLock } from '../../lock.ts'
import { heldLocks, placesIn } from './files.ts'

const [restoring, leading, waiting, running] = heldLocks
/** One that is about to open the database lets go again by then. */
const patienceMs = 1_000

export interface Alone extends Lock {
  /**
   * From now on nobody opens the database, this process included. Rejects with STILL_RUNNING when somebody has it open.
   * @param done what was done by then
   */
  keepClosed(done: string): Promise<void>
}

/**
 * Takes the place of the copy that leads, in the data directory and the demo's within it, so that none begins meanwhile,
 * and sees to it that nobody has the database open. Rejects with STILL_RUNNING; `pid` finds out which process leads.
 */
export async function takeAlone(home: string, pid: () => Promise<number | null>): Promise<Alone> {
  const held: Lock[] = []
  const release = () => held.forEach((lock) => lock.release())
  try {
    for (const place of placesIn(home)) {
      for (const name of [restoring, leading, waiting]) {
        const lock = await acquireLock(join(place, name))
        if (lock === null && name === restoring) throw isRestoring()
        if (lock === null) throw stillRunning(place === home ? await pid() : null, nothing)
        held.push(lock)
      }
      // Our own process opens it next.
      const closed = await closedIn(place, nothing)
      closed.release()
    }
  } catch (error) {
    release()
    throw error
  }
  return {
    release,
    async keepClosed(done) {
      for (const place of placesIn(home)) held.push(await closedIn(place, done))
    },
  }
}

const nothing = 'Nothing was done.'

/** Every process that has the database open has this lock beside the others. */
async function closedIn(place: string, done: string): Promise<Lock> {
  try {
    return await waitForLock(join(place, running), { timeoutMs: patienceMs })
  } catch (error) {
    throw isCofferError(error, 'DATABASE_BUSY') ? stillRunning(null, done) : error
  }
}

function stillRunning(pid: number | null, done: string): CofferError {
  const which = pid === null ? '' : ` (the one that leads is process ${pid})`
  return new CofferError('STILL_RUNNING', `Another copy of coffer-mcp has the data open${which}. ${done}`, {
    fix: 'Close the clients that started it, such as Claude, and stop coffer-mcp listen; then run coffer-mcp erase again.',
  })
}

/** Where the database is damaged or gone, a restore that waits for its answer holds no other lock. */
function isRestoring(): CofferError {
  return new CofferError('STILL_RUNNING', `A coffer-mcp restore is under way. ${nothing}`, {
    fix: 'Answer its question, or wait for it to end; then run coffer-mcp erase again.',
  })
}
