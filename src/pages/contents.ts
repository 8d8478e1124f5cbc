import { html } from 'hono/html'
import { mayBeShown } from '../browser.ts'
import { sentencesOf } from '../errors.ts'
import { checkConnection } from '../tools/check-connection.ts'
import type { Core } from '../tools/context.ts'
import { getHistory } from '../tools/get-history.ts'
import { getUpcoming } from '../tools/get-upcoming.ts'
import { listConnections } from '../tools/list-connections.ts'
import { storedSnapshot, syncSnapshot } from '../tools/sync-snapshot.ts'
import { syncSchedule } from '../tools/sync-schedule.ts'
import { tokenAnalytics } from '../tools/token-analytics.ts'
import { connectionsView } from '../view/connections.ts'
import type { Html, Viewer } from '../view/html.ts'
import { linkView } from '../view/link.ts'
import { monthsView } from '../view/months.ts'
import { netWorthView } from '../view/net-worth.ts'
import { plain } from '../view/plain.ts'
import { positionsView } from '../view/positions.ts'
import { snapshotView } from '../view/snapshot.ts'
import { upcomingView } from '../view/upcoming.ts'
import { upkeepView } from '../view/upkeep.ts'
import { lastMonths } from './months.ts'
import type { CallTool } from './tools.ts'

/** One look at a page. */
export interface Look {
  readonly call: CallTool
  readonly core: Core
  readonly viewer: Viewer
  /** What the address names. */
  readonly id: string
}

export interface Page {
  readonly path: string
  readonly title: string
  readonly content: (look: Look) => Promise<Html>
}

/** The pages that the head of each page leads to, in their order. */
export const pages: readonly Page[] = [
  { path: '/connections', title: 'Connections', content: connections },
  { path: '/snapshot', title: 'Snapshot', content: snapshot },
  { path: '/upcoming', title: 'Upcoming', content: upcoming },
  { path: '/upkeep', title: 'Upkeep', content: upkeep },
]

export const linkPage: Page = { path: '/links/:id', title: 'Log in at your bank', content: link }

async function connections({ call, viewer }: Look): Promise<Html> {
  return connectionsView(await call(listConnections, { limit: 100 }), viewer)
}

/** As it is stored: a page asks no bank by being looked at. */
const stored = {
  ...syncSnapshot,
  handle: (_args: never, context: Parameters<typeof storedSnapshot>[0]) => storedSnapshot(context),
}

async function snapshot({ call, core, viewer }: Look): Promise<Html> {
  const shown = await call(stored, {})
  const { points } = await call(getHistory, { metric: 'net_worth' })
  const { from, months, sources } = await lastMonths(core)
  await core.sync.markUsed(sources)
  const invested = await core.sync.positions({ groupBy: 'security' })
  const charts = html`${netWorthView(points)}${monthsView(months, from)}${positionsView(invested)}`
  return snapshotView(shown, viewer, charts)
}

/** What comes regularly shows in the transactions alone, so that this page fetches them where they are not at hand. */
async function upcoming({ call }: Look): Promise<Html> {
  return upcomingView(await call(getUpcoming, {}))
}

async function upkeep({ call, viewer }: Look): Promise<Html> {
  return upkeepView(await call(syncSchedule, { limit: 100 }), await call(tokenAnalytics, {}), viewer)
}

async function link({ call, core, id }: Look): Promise<Html> {
  const checked = await call(checkConnection, { link_id: id })
  const { links, watcher } = core.connections
  const known = await core.store.links.find(id)
  const url = known === null ? null : await links.pageOf(known)
  const problem = watcher.problemOf(id)
  return linkView({
    checked,
    url: url !== null && mayBeShown(url) ? url.open() : null,
    problem: problem === null ? null : plain(sentencesOf(problem)),
  })
}
