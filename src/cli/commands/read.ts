import { getPositions } from '../../tools/get-positions.ts'
import { listConnections } from '../../tools/list-connections.ts'
import { syncSnapshot } from '../../tools/sync-snapshot.ts'
import { tokenAnalytics } from '../../tools/token-analytics.ts'
import { look, type Session } from '../command.ts'
import { showAnalytics } from '../show/analytics.ts'
import { showConnections } from '../show/connections.ts'
import { showPositions } from '../show/positions.ts'
import { showSnapshot } from '../show/snapshot.ts'

type Options = Readonly<Record<string, string | number | boolean | undefined>>

export async function list(session: Session, options: Options): Promise<void> {
  const result = await look(listConnections, { refresh: options.refresh === true, limit: 100 }, session)
  say(session, result, () => showConnections(result, Date.now()))
}

export async function sync(session: Session, options: Options): Promise<void> {
  session.progress('Asking the banks')
  const args = {
    ...(options.days === undefined ? {} : { days: options.days }),
    ...(options.maxAge === undefined ? {} : { max_age_minutes: options.maxAge }),
    live_balances: options.liveBalances === true,
  }
  const result = await look(syncSnapshot, args, session)
  say(session, result, () => showSnapshot(result, Date.now()))
}

export async function positions(session: Session, options: Options): Promise<void> {
  session.progress('Asking the brokerages')
  const args = {
    limit: 100,
    ...(options.itemId === undefined ? {} : { item_id: options.itemId }),
    ...(options.groupBy === undefined ? {} : { group_by: options.groupBy }),
  }
  const result = await look(getPositions, args, session)
  say(session, result, () => showPositions(result))
}

export async function tokensAnalytics(session: Session): Promise<void> {
  const result = await look(tokenAnalytics, {}, session)
  say(session, result, () => showAnalytics(result))
}

/** With --json the result of the tool and nothing else. */
function say(session: Session, result: object, show: () => string): void {
  session.print(session.json ? JSON.stringify(result, null, 2) : show())
}
