import {
  type Connections,
  type Found,
  groupsOf,
  type Inspection,
  statisticsOf,
} from '../connections/index.ts'
import type { Log } from '../log.ts'

export interface CleanupDeps {
  readonly connections: Pick<Connections, 'inspect' | 'removal'>
  /** `remove` is the owner's standing yes. */
  readonly cleanup: 'report' | 'remove'
  readonly staleDays: number
  readonly log: Log
}

/** The clean-up as a chore: checks, marks what is dead, and reports; removes only where the owner has said so. */
export function createCleanup({ connections, cleanup, staleDays, log }: CleanupDeps): () => Promise<void> {
  return async () => {
    const inspection = await connections.inspect({ staleDays, mark: true })
    const removed = cleanup === 'remove' ? await removeCertain(inspection, connections) : []
    const { found } = inspection
    log.info('cleanup.done', { ...statisticsOf(inspection, removed), found: found.length })
  }
}

/** Nobody looks: a token that Plaid was not asked about just now, or that only the wrong keys make look dead, stays. */
async function removeCertain(
  { found, doubtsKeys }: Inspection,
  { removal }: CleanupDeps['connections'],
): Promise<readonly Found[]> {
  const certain = found.filter(({ isChecked }) => isChecked && !doubtsKeys)
  const { receipts } = await removal.remove(groupsOf(certain))
  const gone = new Set(receipts.map(({ itemId }) => itemId))
  return certain.filter(({ connection }) => gone.has(connection.itemId))
}
