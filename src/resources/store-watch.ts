import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Core } from '../tools/context.ts'

/** Looks at what is stored; one that is done is not called again. */
export type Look = (core: Core) => Promise<'done' | 'again'>

/** Tells those who look that something was written, by this process or any other. */
export interface StoreWatch {
  /** Calls `look` once now and then after every change; resolves after the first call, or the first failed try. */
  add(look: Look): Promise<void>
  remove(look: Look): void
}

export interface StoreWatchDeps {
  readonly core: () => Promise<Core>
  /** False once the client has gone: nobody looks any more. */
  readonly isWanted: () => boolean
  readonly log: Log
  readonly everyMs?: number
}

/** After a failure the store is left in peace for a few rounds. */
const restRounds = 3

/** The store is asked for its version about twice a second, once for all, and only while somebody looks. */
export function createStoreWatch({ core, isWanted, log, everyMs = 500 }: StoreWatchDeps): StoreWatch {
  /** With the version that each has seen; null: none yet. */
  const looks = new Map<Look, string | null>()
  let running = false
  let turn = Promise.resolve()
  let failing = false

  async function round(): Promise<void> {
    try {
      const opened = await core()
      // Read first: what is written while somebody looks is another version, and looked at in the next round.
      const version = await opened.store.version()
      for (const [look, seen] of looks) if (seen !== version) await call(look, opened, version)
      failing = false
    } catch (error) {
      if (!failing) log.info('watch.failed', { code: codeOf(error) })
      failing = true
    }
  }

  async function call(look: Look, opened: Core, version: string): Promise<void> {
    const answer = await look(opened)
    if (answer === 'done') looks.delete(look)
    else if (looks.has(look)) looks.set(look, version)
  }

  /** Rounds never overlap. */
  function inTurn(): Promise<void> {
    turn = turn.then(round)
    return turn
  }

  async function run(): Promise<void> {
    running = true
    while (looks.size > 0) {
      await sleep(failing ? everyMs * restRounds : everyMs, undefined, { ref: false })
      if (!isWanted()) looks.clear()
      if (looks.size > 0) await inTurn()
    }
    running = false
  }

  return {
    add(look) {
      looks.set(look, null)
      if (!running) void run()
      return inTurn()
    },
    remove: (look) => void looks.delete(look),
  }
}
