import type { SyncRun } from '../../src/model.ts'
import type { Store } from '../../src/store/index.ts'

/** A run that is over, noted as a sync notes it: with its lease given back. */
export async function noteRun({ leases }: Pick<Store, 'leases'>, { itemId, ...run }: SyncRun): Promise<void> {
  const at = Date.parse(run.endedAt)
  const lease = await leases.take(itemId, 'a run', at, at + 1)
  if (lease === null) throw new Error(`${itemId} is being fetched`)
  await leases.release(lease, run)
}
