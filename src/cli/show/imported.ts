import { CofferError, sentencesOf } from '../../errors.ts'
import type { Connection } from '../../model.ts'
import { table } from './table.ts'

/** What became of one entry, counted from 1. */
export interface Imported {
  readonly entry: number
  readonly outcome: Connection | CofferError
}

export function showImported(results: readonly Imported[]): string {
  const rows = results.map(({ entry, outcome }) =>
    outcome instanceof CofferError
      ? [String(entry), 'refused', outcome.code, '', '']
      : [String(entry), 'imported', outcome.institution, outcome.status, outcome.itemId],
  )
  const columns = [['entry', 'right'], ['outcome'], ['bank or reason'], ['status'], ['item_id']] as const
  const reasons = results.flatMap(({ entry, outcome }) =>
    outcome instanceof CofferError ? [`${entry}: ${sentencesOf(outcome)}`] : [],
  )
  return [table(columns, rows), ...reasons].join('\n')
}
