import type { AuditEntry } from '../audit-entry.ts'
import type { Log } from '../log.ts'
import { itemIdsIn } from './item-ids.ts'

export interface Noted extends Pick<AuditEntry, 'actor' | 'name' | 'outcome'> {
  /** Arguments and results; the connections that they name are put down, and nothing else of them. */
  readonly about: readonly unknown[]
}

/** What is still to be written. */
export interface Queue {
  add(noted: Noted): void
  /** All, which leaves none. */
  take(): readonly AuditEntry[]
  /** What could not be written is the first again. */
  giveBack(entries: readonly AuditEntry[]): void
  count(): number
}

/** While nothing can be written; the oldest go first. */
const most = 1_000

export function createQueue(now: () => number, log: Log): Queue {
  let fresh: (Noted & { readonly at: number })[] = []
  let waiting: readonly AuditEntry[] = []

  /** Once the answer is out: looking through it takes a while. */
  function settle(): void {
    const entries = fresh.map(({ about, at, ...noted }) => ({
      ...noted,
      at: new Date(at).toISOString(),
      itemIds: itemIdsIn(...about),
    }))
    fresh = []
    keep([...waiting, ...entries])
  }

  function keep(entries: readonly AuditEntry[]): void {
    waiting = entries.slice(-most)
    if (waiting.length < entries.length) log.error('audit.lost', { rows: entries.length - waiting.length })
  }

  return {
    add(noted) {
      if (fresh.length === 0) setImmediate(settle)
      fresh.push({ ...noted, at: now() })
    },
    take() {
      settle()
      const taken = waiting
      waiting = []
      return taken
    },
    giveBack: (entries) => keep([...entries, ...waiting]),
    count: () => fresh.length + waiting.length,
  }
}
