import type { Connection, Status } from '../../src/model.ts'
import type { ToolContext } from '../../src/tools/context.ts'
import { offeredTools } from '../../src/tools/index.ts'
import { connection } from '../store/rows.ts'

export const at = '2026-11-03T08:00:00.000Z'

/** Fetched half an hour ago, unless it is said otherwise. */
export function row(status: Status, more: Partial<Connection> = {}): Connection {
  return connection({
    itemId: `item-${status}`,
    institution: `${status} Bank`,
    newAccounts: false,
    lastSyncedAt: '2026-11-03T07:30:00.000Z',
    status,
    ...more,
  })
}

/** What a prompt looks at, and nothing else. */
export function contextOf(rows: readonly Connection[], more: Partial<ToolContext> = {}): ToolContext {
  const context = {
    environment: 'sandbox',
    readOnly: false,
    timeZone: 'UTC',
    now: () => Date.parse(at),
    store: { connections: { list: async () => rows } },
    ...more,
  }
  return context as unknown as ToolContext
}

/** Words of a text that look like the name of a tool or field, and are neither. */
export function unknownWords(text: string, readOnly = false): string[] {
  const fields = ['wait_seconds', 'next_step', 'item_id', 'net_worth']
  const known = [...offeredTools(readOnly).map(({ name }) => name), ...fields]
  const words = text.replace(/^- .*$/gm, '').match(/\b[a-z]+_[a-z]+\b/g) ?? []
  return words.filter((word) => !known.includes(word))
}
