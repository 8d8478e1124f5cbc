import { setImmediate } from 'node:timers/promises'
import { codeOf, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ReceivedWebhook, WebhookEvent } from '../model.ts'
import type { InboxEntry, Store } from '../store/store.ts'
import { createBell } from './bell.ts'
import { createConfirming, isNotOurs } from './confirming.ts'
import { pause } from './rounds.ts'

export interface InboxDeps {
  readonly store: Pick<Store, 'inbox'>
  /** Applies what a webhook says, in the database alone. */
  readonly hear: (webhook: ReceivedWebhook) => Promise<void>
  /** Is `/item/get` to be asked whether it is so? */
  readonly needsCheck: (event: WebhookEvent) => boolean
  /** Asks `/item/get` and moves the state. */
  readonly check: (itemId: string, signal: AbortSignal) => Promise<unknown>
  readonly now: () => number
  readonly log: Log
}

export interface InboxWorker {
  /** Something new is in the inbox. */
  wake(): void
  run(signal: AbortSignal): Promise<void>
}

const batch = 500
const lookEveryMs = 1_000
const longestRestMs = 500

/**
 * Gives every webhook in the inbox its effect: first what it says, at once, so that the chat knows; then what Plaid
 * says when asked, once per Item for all that has arrived. An entry is done when Plaid has answered, so after a crash it
 * is done again from the start.
 */
export function createInboxWorker(deps: InboxDeps): InboxWorker {
  const { store, now, log } = deps
  const bell = createBell()
  const confirming = createConfirming(deps, bell.ring)
  /** Everything up to here has been heard by this process; what is not done of it is with `confirming`. */
  let heard = 0

  async function hearAll(entries: readonly InboxEntry[]): Promise<void> {
    const done: number[] = []
    for (const { last, ids } of repetitions(entries)) {
      const itemId = await effectOf(deps, last)
      if (itemId === null) done.push(...ids)
      else confirming.add(itemId, ids)
      // The listener is in this process, and Plaid waits for its answers.
      await setImmediate()
    }
    if (done.length > 0) await store.inbox.done(done, new Date(now()).toISOString())
  }

  async function round(signal: AbortSignal): Promise<void> {
    for (;;) {
      confirming.start(signal)
      const entries = signal.aborted ? [] : await store.inbox.pending(batch, heard)
      const newest = entries.at(-1)
      if (newest === undefined) return
      await hearAll(entries)
      heard = newest.id
    }
  }

  return {
    wake: bell.ring,
    async run(signal) {
      signal.addEventListener('abort', bell.ring)
      while (!signal.aborted) {
        const begun = performance.now()
        await round(signal).catch((error: unknown) => {
          log.warn('inbox.round_failed', { code: codeOf(error) })
          // A failure must not be met again at once for every webhook that arrives.
          if (!signal.aborted) bell.still()
        })
        // In a flood half of the time is the listener's, and more repetitions come together meanwhile.
        await pause(Math.min(longestRestMs, performance.now() - begun), signal)
        await bell.rung(lookEveryMs)
      }
      await confirming.ended()
    },
  }
}

/** Applies one webhook. Gives the Item that Plaid has to be asked about, or null when nothing is left to do. */
async function effectOf(
  { hear, needsCheck, log }: InboxDeps,
  { itemId, event, sentAt }: InboxEntry,
): Promise<string | null> {
  try {
    await hear({ itemId, event, sentAt })
    return needsCheck(event) ? itemId : null
  } catch (error) {
    if (isNotOurs(error)) return null
    // The database or the disk: later it will work again, and nothing may be passed over.
    if (isCofferError(error)) throw error
    log.error('inbox.broke', { event: event.type, name: error instanceof Error ? error.name : typeof error })
    // What a webhook says is a hint; Plaid's answer is the truth, so it takes the place of a hint that is lost.
    return itemId
  }
}

interface Repetition {
  /** The one that was sent last. */
  last: InboxEntry
  readonly ids: number[]
}

/** Webhooks that say the same of the same Item have the effect of the last one. */
function repetitions(entries: readonly InboxEntry[]): Iterable<Repetition> {
  const found = new Map<string, Repetition>()
  for (const entry of entries) {
    const key = JSON.stringify([entry.itemId, entry.event])
    const same = found.get(key)
    if (same === undefined) found.set(key, { last: entry, ids: [entry.id] })
    else {
      same.ids.push(entry.id)
      if (entry.sentAt > same.last.sentAt) same.last = entry
    }
  }
  return found.values()
}
