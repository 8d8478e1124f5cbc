import type { NewInboxEntry, Store } from '../store/store.ts'

/** Resolves when the entries are on the disk, with how many of them are new. @throws CofferError by the store */
export type WriteInbox = (entries: readonly NewInboxEntry[]) => Promise<number>

interface Waiting {
  readonly entries: readonly NewInboxEntry[]
  readonly done: PromiseWithResolvers<number>
}

/** A commit costs as much for one as for many: what comes while one runs goes into the next together. */
export function createInboxWriter(inbox: Pick<Store['inbox'], 'add'>, onStored: () => void): WriteInbox {
  let waiting: Waiting[] = []
  let isWriting = false

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const added = await inbox.add(group.flatMap(({ entries }) => entries))
      let from = 0
      for (const { entries, done } of group) {
        const flags = added.slice(from, from + entries.length)
        from += entries.length
        done.resolve(flags.filter(Boolean).length)
      }
      if (added.includes(true)) onStored()
    } catch (error) {
      for (const { done } of group) done.reject(error)
    }
  }

  async function writeAll(): Promise<void> {
    if (isWriting) return
    isWriting = true
    while (waiting.length > 0) {
      // The driver blocks the thread: whoever is ready by now must get in line first.
      await new Promise((resolve) => setImmediate(resolve))
      const group = waiting
      waiting = []
      await commit(group)
    }
    isWriting = false
  }

  return (entries) => {
    const done = Promise.withResolvers<number>()
    waiting.push({ entries, done })
    void writeAll()
    return done.promise
  }
}
