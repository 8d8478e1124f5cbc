import { codeOf, type ErrorCode, isCofferError } from '../errors.ts'
import { createBackoff } from './backoff.ts'
import type { InboxDeps } from './inbox.ts'

/** Asks Plaid about the Items that webhooks spoke of. */
export interface Confirming {
  /** These entries have been heard and are done when Plaid has answered about the Item. */
  add(itemId: string, ids: readonly number[]): void
  /** Begins with every Item whose turn it is. */
  start(signal: AbortSignal): void
  /** Resolves when no check is in flight. */
  ended(): Promise<void>
}

const atOnce = 16
const firstPauseMs = 5_000
const longestPauseMs = 300_000
/** One statement takes only so many ids. */
const most = 10_000

/** At most one check per Item at a time, for all entries that were heard before it began. */
export function createConfirming(
  { store, check, now, log }: Pick<InboxDeps, 'store' | 'check' | 'now' | 'log'>,
  onFree: () => void,
): Confirming {
  const waiting = new Map<string, Set<number>>()
  const running = new Map<string, Promise<void>>()
  const backoff = createBackoff(firstPauseMs, longestPauseMs, now)

  async function confirm(itemId: string, ids: Set<number>, signal: AbortSignal): Promise<void> {
    const heardBefore = [...ids].slice(0, most)
    try {
      await check(itemId, signal).catch(unlessAnswered)
      await store.inbox.done(heardBefore, new Date(now()).toISOString())
      for (const id of heardBefore) ids.delete(id)
      backoff.succeeded(itemId)
    } catch (error) {
      if (signal.aborted) return
      backoff.failed(itemId)
      log.info('inbox.check_failed', { code: codeOf(error) })
    }
    // Others go first next time.
    waiting.delete(itemId)
    if (ids.size > 0) waiting.set(itemId, ids)
  }

  return {
    add(itemId, ids) {
      const all = waiting.get(itemId) ?? new Set()
      for (const id of ids) all.add(id)
      waiting.set(itemId, all)
    },
    start(signal) {
      for (const [itemId, ids] of waiting) {
        if (signal.aborted || running.size >= atOnce) return
        if (running.has(itemId) || !backoff.isDue(itemId)) continue
        const free = () => {
          running.delete(itemId)
          onFree()
        }
        running.set(itemId, confirm(itemId, ids, signal).finally(free))
      }
    },
    async ended() {
      await Promise.all(running.values())
    },
  }
}

/** A refusal that is about this Item is an answer too: it has moved the state, and asking again says the same. */
const answers: readonly ErrorCode[] = ['ITEM_LOGIN_REQUIRED', 'BANK_ACTION_REQUIRED', 'CONNECTION_ENDED']

function unlessAnswered(error: unknown): void {
  if (isNotOurs(error) || (isCofferError(error) && answers.includes(error.code))) return
  throw error
}

/** The connection is gone, or belongs to the other environment. */
export function isNotOurs(error: unknown): boolean {
  return isCofferError(error, 'UNKNOWN_CONNECTION') || isCofferError(error, 'WRONG_ENVIRONMENT')
}
