import { CofferError, errorCodes, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Span } from '../model.ts'
import type { Want } from './fetch.ts'

/** What a run brought. */
export interface Brought {
  /** Plaid is still fetching something that this connection has. */
  readonly notReady: boolean
  /** Another process fetched it: the transactions themselves are not in this one. */
  readonly elsewhere?: boolean
}

/** How one run over one connection ended. */
export type Outcome = ({ readonly ok: true } & Brought) | { readonly ok: false; readonly error: CofferError }

interface Run {
  readonly want: Want
  readonly done: Promise<Outcome>
}

/** A run may take this long in the background; a tool answers far sooner. */
const longest = 120_000
const atOnce = 6

/**
 * At most one run per connection at a time: who asks for what a running one brings anyway waits for that
 * one. Runs go on when their caller stops waiting, and never reject.
 */
export interface Runs {
  start(itemId: string, want: Want): Promise<Outcome>
  close(): Promise<void>
}

export function createRuns(
  work: (itemId: string, want: Want, signal: AbortSignal) => Promise<Brought>,
  log: Log,
): Runs {
  const running = new Map<string, Run>()
  const waiting: (() => void)[] = []
  const closing = new AbortController()
  let active = 0

  async function turn(): Promise<void> {
    if (active >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    active += 1
  }

  function leave(): void {
    active -= 1
    waiting.shift()?.()
  }

  async function perform(itemId: string, want: Want): Promise<Outcome> {
    await turn()
    try {
      closing.signal.throwIfAborted()
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(longest)])
      return { ok: true, ...(await work(itemId, want, signal)) }
    } catch (error) {
      return { ok: false, error: isCofferError(error) ? error : unforeseen(error) }
    } finally {
      leave()
    }
  }

  /** What breaks here for one bank takes nothing from the others. */
  function unforeseen(error: unknown): CofferError {
    if (closing.signal.aborted) return new CofferError('CANCELLED', 'The program is ending.')
    log.error('sync.broke', { name: error instanceof Error ? error.name : 'unknown' })
    return new CofferError('INTERNAL', errorCodes.INTERNAL)
  }

  async function start(itemId: string, want: Want): Promise<Outcome> {
    const current = running.get(itemId)
    if (current !== undefined) {
      const outcome = await current.done
      const lacksRows = want.rows === true && outcome.ok && outcome.elsewhere === true
      if (covers(current.want, want) && !lacksRows) return outcome
      return await start(itemId, want)
    }
    const done = perform(itemId, want).finally(() => running.delete(itemId))
    running.set(itemId, { want, done })
    return await done
  }

  return {
    start,
    async close() {
      closing.abort()
      await Promise.allSettled([...running.values()].map((run) => run.done))
    },
  }
}

function covers(has: Want, wanted: Want): boolean {
  return (has.live || !wanted.live) && contains(has.span, wanted.span)
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.from <= inner.from && outer.to >= inner.to
}
