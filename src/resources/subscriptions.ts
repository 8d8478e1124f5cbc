import { waitAtMost } from '../sync/wait.ts'
import { digests } from './digest.ts'
import type { Look, StoreWatch } from './store-watch.ts'

export interface Subscriptions {
  /** Resolves when what is there now is known, so that any later change is told; or after a few seconds. */
  add(uri: string): Promise<void>
  remove(uri: string): void
}

export interface SubscriptionDeps {
  readonly watch: StoreWatch
  /** The resource is not what it was. */
  readonly onChange: (uri: string) => void
}

const patienceMs = 5_000

/** Stand for a digest: of what has yet to be read for the first time, could not be read, or is not there. */
const [unread, unreadable, absent] = ['unread', 'unreadable', 'absent']

/** All subscriptions of a client are served by one look at the store. */
export function createSubscriptions({ watch, onChange }: SubscriptionDeps): Subscriptions {
  /** The digest that the client knows of, by address. */
  const known = new Map<string, string>()

  const look: Look = async (core) => {
    const found = await digests(core, known)
    for (const [uri, before] of known) {
      const now = found.get(uri) ?? absent
      known.set(uri, now)
      if (before !== now && before !== unread) onChange(uri)
    }
    return 'again'
  }

  return {
    async add(uri) {
      if (known.has(uri)) return
      known.set(uri, unread)
      await waitAtMost(watch.add(look), patienceMs)
      // Once it can be read, the client has to be told: what there was until then nobody knows.
      if (known.get(uri) === unread) known.set(uri, unreadable)
    },
    remove(uri) {
      known.delete(uri)
      if (known.size === 0) watch.remove(look)
    },
  }
}
