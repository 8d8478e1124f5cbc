import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ItemState, State, WebhookKey } from './state.ts'

/** Keeps the state in a file of mode 0600; a crash leaves the old file or the new one, never half of one. */
export interface StateFile {
  /** Null when there is nothing stored yet. */
  load(): State | null
  /** Does nothing when nothing changed. */
  save(state: State): void
}

export function openStateFile(path: string | undefined): StateFile {
  if (path === undefined) return { load: () => null, save: () => undefined }
  let stored = existsSync(path) ? readFileSync(path, 'utf8') : null
  return {
    load: () => (stored === null ? null : read(stored)),
    save(state) {
      const text = JSON.stringify(state)
      if (text === stored) return
      writeFileSync(`${path}.new`, text, { mode: 0o600 })
      renameSync(`${path}.new`, path)
      stored = text
    },
  }
}

function read(text: string): State {
  // Only this program writes the file, and by rename, so a file of this version is a whole State.
  const state = JSON.parse(text) as Stored
  if (state.version !== 1) throw new Error('the simulator state file is of another version')
  return { ...state, ...withWebhooks(state) }
}

/** A file from before webhooks were sent knows nothing of what that needs. */
type Stored = Omit<State, 'outbox' | 'items' | 'webhookKeys'> & {
  outbox?: State['outbox']
  items: Record<string, Omit<ItemState, 'synced' | 'told'>>
  webhookKeys: Omit<WebhookKey, 'environment'>[]
}

function withWebhooks({ items, webhookKeys, outbox = [] }: Stored) {
  const told = Object.entries(items).map(([id, item]) => [id, { ...unheard(), ...item }] as const)
  return {
    items: Object.fromEntries(told),
    webhookKeys: webhookKeys.map((key) => ({ environment: 'sandbox' as const, ...key })),
    // Who held a webhook back is gone.
    outbox: outbox.map((parcel) => ({ ...parcel, dueAt: parcel.dueAt ?? 0 })),
  }
}

function unheard(): Pick<ItemState, 'synced' | 'told'> {
  return { synced: false, told: { stages: {}, troubleSince: null } }
}
