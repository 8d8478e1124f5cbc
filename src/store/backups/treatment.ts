import type { Schema } from '../schema.ts'

/**
 * What a restore does with a table of a database that is there.
 * `kept`: nothing: it tells of what happened, or of what is under way, and neither may go back in time.
 * `item`: the rows of each connection that is restored are replaced.
 * `household`: all rows are replaced.
 * `own`: by rules of its own, in merge.ts.
 */
export type Treatment = 'kept' | 'item' | 'household' | 'own'

/** Whoever adds a table says here what becomes of it. */
export const treatments: Readonly<Record<keyof Schema, Treatment>> = {
  // Which database it is, who leads, and what is still to be wiped.
  meta: 'kept',
  keys: 'own',
  connections: 'own',
  accounts: 'item',
  holdings: 'item',
  flowDays: 'item',
  flowMoves: 'item',
  flowSpans: 'item',
  flowFetches: 'own',
  transactions: 'item',
  ledgerCursors: 'item',
  rules: 'household',
  oldRules: 'item',
  ruleChanges: 'own',
  liabilities: 'item',
  liabilityAnswers: 'item',
  balanceDays: 'item',
  history: 'household',
  seenConnections: 'item',
  seenBills: 'item',
  seenIncome: 'item',
  reconciliations: 'item',
  syncSchedules: 'item',
  syncRuns: 'item',
  syncLeases: 'own',
  jobs: 'kept',
  tombstones: 'kept',
  tokenReports: 'kept',
  // An old link would be exchanged a second time, or wait for a page that is long closed.
  links: 'kept',
  approvals: 'kept',
  webhookDeliveries: 'kept',
  inbox: 'kept',
  plaidCalls: 'kept',
  billedCalls: 'kept',
  hosts: 'kept',
  hostCalls: 'kept',
  audit: 'kept',
  auditKey: 'kept',
}

export function tablesWith(treatment: Treatment): readonly string[] {
  return Object.entries(treatments).flatMap(([name, one]) => (one === treatment ? [snakeOf(name)] : []))
}

/** As the database calls it. */
function snakeOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
