import { CofferError, isCofferError } from '../errors.ts'
import type { Span } from '../model.ts'
import type { Want } from './fetch.ts'

/** How one run over one connection ended. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: CofferError }

interface Run {
  readonly want: Want
  readonly done: Promise<Outcome>
}

/** A run may take this long in the background; a tool answers far sooner. */
const longest = 120_000
const atOnce = 6

/**
 * At most one run per connection at a time: who asks for what a running one brings anyway waits for that
 * one. Runs go on when their caller stops waiting.
 */
export interface Runs {
  start(itemId: string, want: Want): Promise<Outcome>
  close(): Promise<void>
}

export function createRuns(work: (itemId: string, want: Want, signal: AbortSignal) => Promise<void>): Runs {
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
      await work(itemId, want, AbortSignal.any([closing.signal, AbortSignal.timeout(longest)]))
      return { ok: true }
    } catch (error) {
      if (isCofferError(error)) return { ok: false, error }
      if (closing.signal.aborted)
        return { ok: false, error: new CofferError('CANCELLED', 'The program is ending.') }
      throw error
    } finally {
      leave()
    }
  }

  async function start(itemId: string, want: Want): Promise<Outcome> {
    const current = running.get(itemId)
    if (current !== undefined) {
      const outcome = await current.done
      if (covers(current.want, want)) return outcome
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
