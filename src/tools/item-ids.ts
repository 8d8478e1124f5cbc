import type { Connection } from '../model.ts'
import type { Core } from './context.ts'

/** Gives what may follow what somebody has typed of an argument. */
export type Completer = (typed: string, core: Core) => Promise<readonly string[]>

/** The ids of those connections that are meant by the beginning of an id or of the bank's name. */
export function completeItemId(isMeant: (row: Connection) => boolean): Completer {
  return async (typed, { store, environment }) => {
    const start = typed.toLowerCase()
    const rows = (await store.connections.list()).filter(
      (row) => row.environment === environment && isMeant(row),
    )
    return rows
      .filter((row) => [row.itemId, row.institution].some((text) => text.toLowerCase().startsWith(start)))
      .map(({ itemId }) => itemId)
  }
}
