import { html } from 'hono/html'
import { connectionsView, type Listed } from './connections.ts'
import type { Html, Viewer } from './html.ts'
import type { Checked } from './link.ts'
import { type CashFlow, firstDays, monthsOf, monthsView } from './months.ts'
import { type History, netWorthView } from './net-worth.ts'
import { type Positions, positionsView } from './positions.ts'
import { type Snapshot, snapshotView } from './snapshot.ts'

/** What a snapshot is drawn with, by tools of their own; what is not there is left out. */
export interface Drawn {
  readonly netWorth?: History
  /** By month. */
  readonly flow?: CashFlow
}

/** The view of a tool's result, which is told by what it has; null for one that has none. */
export function resultView(result: object, viewer: Viewer, drawn: Drawn = {}): Html | null {
  if (isListed(result)) return connectionsView(result, viewer)
  if (isPositions(result)) return positionsView(result)
  if (isSnapshot(result)) return snapshotView(result, viewer, chartsView(drawn))
  return null
}

/** What a result adds to the drawings of a snapshot; nothing for one that is not drawn. */
export function drawnOf(result: object): Drawn {
  if (isHistory(result)) return { netWorth: result }
  if (isCashFlow(result)) return { flow: result }
  return {}
}

export function isSnapshot(result: object): result is Snapshot {
  return 'still_syncing' in result && 'changes' in result
}

export function isChecked(result: object): result is Checked {
  return 'outcome' in result
}

function chartsView({ netWorth, flow }: Drawn): Html {
  return html`${netWorth === undefined ? '' : netWorthView(netWorth.points)}
  ${flow === undefined ? '' : monthsView(monthsOf(flow), firstDays(flow.window.to)[0] ?? flow.window.from)}`
}

function isListed(result: object): result is Listed {
  return 'needs_attention' in result && 'vault' in result
}

function isPositions(result: object): result is Positions {
  return 'positions' in result && 'totals' in result
}

function isHistory(result: object): result is History {
  return 'points' in result && 'sparkline' in result
}

function isCashFlow(result: object): result is CashFlow {
  return 'groups' in result && 'excluded' in result
}
