import type { AuditRow } from '../../audit-entry.ts'
import { table } from './table.ts'

/** Times on this machine's clock. A connection is a keyed hash. */
export function showAudit(rows: readonly AuditRow[]): string {
  if (rows.length === 0) return 'Nothing was put down.'
  const columns = [['time'], ['by'], ['what'], ['outcome'], ['status'], ['connections']] as const
  return table(
    columns,
    rows.map((row) => [
      timeOf(row.at),
      row.actor,
      row.name,
      row.outcome,
      moveOf(row),
      shortList(row.connections),
    ]),
  )
}

function timeOf(at: string): string {
  return new Date(at).toLocaleString('sv-SE')
}

function moveOf({ statusBefore, statusAfter }: AuditRow): string {
  if (statusBefore === null && statusAfter === null) return ''
  return `${statusBefore ?? 'new'} → ${statusAfter ?? 'gone'}`
}

const mostNamed = 2

function shortList(hashes: readonly string[]): string {
  const more = hashes.length - mostNamed
  return [...hashes.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])].join(' ')
}
