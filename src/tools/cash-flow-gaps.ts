import type { FlowReading } from '../sync/index.ts'
import type { Warning } from './shapes.ts'
import { notAtHand } from './snapshot-text.ts'
import { firstOf } from './warnings.ts'

/** Banks that the groups have only sums of, and those of which nothing is in them. */
export function cashFlowGaps(flow: FlowReading): Warning[] {
  const untold = new Set(flow.reading.untold.map(({ itemId }) => itemId))
  const withoutRows = flow.withoutRows.filter(({ connection }) => !untold.has(connection.itemId))
  return [
    ...notAtHand({ ...flow, withoutRows }, 'they count as sums, with the key unknown'),
    ...notKnown(flow),
  ]
}

function notKnown({ reading }: FlowReading): Warning[] {
  const status = new Map(reading.sources.map(({ connection }) => [connection.itemId, connection.status]))
  const told = reading.untold.map(({ itemId, institution }) => {
    const isComing = status.get(itemId) === 'preparing' || status.get(itemId) === 'active'
    const step = isComing ? 'Ask again in a minute.' : 'See its next_step.'
    const text = `Nothing is known yet of the transactions of ${institution}: they are in no figure here. ${step}`
    return { code: 'TRANSACTIONS_NOT_KNOWN', item_id: itemId, text }
  })
  return firstOf(told, (more) => `Nor is anything of those of ${more} more banks; list_connections has them.`)
}
