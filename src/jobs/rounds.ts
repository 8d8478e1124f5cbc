import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'

export interface Round {
  /** For the log. */
  readonly name: string
  readonly everyMs: number
  readonly work: () => Promise<void>
}

/** Does the work again and again until the signal aborts; a failure is logged and costs one round. */
export async function repeat({ name, everyMs, work }: Round, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    await work().catch((error: unknown) => {
      if (!signal.aborted) log.warn('leader.round_failed', { round: name, code: codeOf(error) })
    })
    await pause(everyMs, signal)
  }
}

/** Sleeps without keeping the process alive; ends early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
