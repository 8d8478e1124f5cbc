import { ignoreKnown } from '../errors.ts'
import type { Seen, Store } from '../store/store.ts'
import type { SourceState } from './sources.ts'

/** What is noted of a person's looks. On a full disk the figures are still there to be read. */
export function createMarks({ store, now }: { readonly store: Store; readonly now: () => number }) {
  return {
    async markSeen(seen: Seen): Promise<void> {
      await store.seen.write(seen).catch(ignoreKnown)
    },
    async markUsed(sources: readonly SourceState[]): Promise<void> {
      const lastUsedAt = new Date(now()).toISOString()
      for (const { connection, source } of sources) {
        if (source === 'missing') continue
        await store.connections
          .change(connection.itemId, (row) => ({ ...row, lastUsedAt }))
          .catch(ignoreKnown)
      }
    },
  }
}
