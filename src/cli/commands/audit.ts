import { mustNotEndBefore } from '../../tools/days.ts'
import type { Session } from '../command.ts'
import { showAudit } from '../show/audit.ts'

export interface AuditOptions {
  /** Days of this machine's calendar. */
  readonly from?: string
  readonly to?: string
  readonly itemId?: string
  readonly limit: number
}

/** What was done here, newest first. */
export async function audit(session: Session, { from, to, itemId, limit }: AuditOptions): Promise<void> {
  mustNotEndBefore(from, to)
  const { store } = await session.opened.appWithoutKeys()
  const connection = itemId === undefined ? undefined : await store.audit.hashOf(itemId)
  const wanted = {
    from: startOf(from, 0),
    to: startOf(to, 1),
    limit,
    ...(connection != null && { connection }),
  }
  const rows = connection === null ? [] : await store.audit.list(wanted)
  session.print(session.json ? JSON.stringify({ rows: rows.map(toJson) }, null, 2) : showAudit(rows))
}

/** When the day begins here, or one some days later. */
function startOf(day: string | undefined, later: number): string | undefined {
  if (day === undefined) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}

type Row = Parameters<typeof showAudit>[0][number]

function toJson({ auditId, at, actor, name, outcome, connections, statusBefore, statusAfter }: Row) {
  const moved = statusBefore !== null || statusAfter !== null
  return {
    audit_id: auditId,
    at,
    actor,
    name,
    outcome,
    connections,
    ...(moved && { status_before: statusBefore, status_after: statusAfter }),
  }
}
