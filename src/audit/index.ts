import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import { createQueue, type Noted } from './queue.ts'

export { tellingEnd } from './ending.ts'

export interface Audit {
  /**
   * Never fails and takes no time: it is written within a second, with what else came by then; `urgent`, or where many
   * wait, as soon as the answer is out.
   */
  note(noted: Noted, urgent?: boolean): void
  /** Writes what is still to be written; what comes after that is not. */
  close(): Promise<void>
}

export interface AuditDeps {
  readonly store: Pick<Store, 'audit'>
  readonly now: () => number
  readonly log: Log
}

const soonMs = 800
/** Written together they hold up nothing for long. */
const many = 100
const lastTries = 5
const lastPauseMs = 100

/** Puts down what was done, behind the answers, so that a full or locked disk hides none of them. */
export function createAudit({ store, now, log }: AuditDeps): Audit {
  const queue = createQueue(now, log)
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  let [failing, isClosed] = [false, false]

  async function writeWaiting(): Promise<void> {
    const batch = queue.take()
    if (batch.length === 0) return
    try {
      await store.audit.add(batch)
      failing = false
    } catch (error) {
      // Once, and not for each try.
      if (!failing) log.error('audit.failed', { code: codeOf(error) })
      failing = true
      queue.giveBack(batch)
      if (!isClosed) schedule(soonMs)
    }
  }

  /** One after the other: each takes all that waits. */
  function write(): Promise<void> {
    stopTimer()
    writing = writing.then(writeWaiting)
    return writing
  }

  function schedule(ms: number): void {
    timer ??= setTimeout(() => void write(), ms).unref()
  }

  function stopTimer(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    note(noted, urgent = false) {
      if (isClosed) return
      queue.add(noted)
      const atOnce = urgent || (!failing && queue.count() >= many)
      if (atOnce) stopTimer()
      schedule(atOnce ? 0 : soonMs)
    },
    async close() {
      isClosed = true
      for (let attempt = 1; attempt <= lastTries; attempt++) {
        await write()
        if (queue.count() === 0) return
        await sleep(lastPauseMs)
      }
      log.error('audit.lost', { rows: queue.take().length })
    },
  }
}
