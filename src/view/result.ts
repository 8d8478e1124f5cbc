import { connectionsView, type Listed } from './connections.ts'
import type { Html, Viewer } from './html.ts'
import { type Positions, positionsView } from './positions.ts'
import { type Snapshot, snapshotView } from './snapshot.ts'

/** The view of a tool's result, which is told by what it has; null for one that has none. */
export function resultView(result: object, viewer: Viewer): Html | null {
  if (isListed(result)) return connectionsView(result, viewer)
  if (isPositions(result)) return positionsView(result)
  if (isSnapshot(result)) return snapshotView(result, viewer)
  return null
}

function isListed(result: object): result is Listed {
  return 'needs_attention' in result && 'vault' in result
}

function isPositions(result: object): result is Positions {
  return 'positions' in result && 'totals' in result
}

function isSnapshot(result: object): result is Snapshot {
  return 'still_syncing' in result && 'changes' in result
}
