import type { AccountType, Status } from '../model.ts'

/** What is known of an account. */
export interface Findings {
  readonly status: Status
  readonly accountType: AccountType
  /** Of its data, in ms; infinite: nothing is known. */
  readonly ageMs: number
  /** Whether each of the last runs went well; none where none is known. */
  readonly runs: readonly boolean[]
  /** Null: it was never reconciled. */
  readonly reconciliation: { readonly discrepancy: number; readonly ageMs: number } | null
}

/** Each from 0 to 100. */
export interface Parts {
  readonly connection: number
  readonly freshness: number
  readonly sync: number
  readonly reconciliation: number
}

/** In hundredths of the score. */
export const weights = {
  connection: 40,
  freshness: 25,
  sync: 20,
  reconciliation: 15,
} as const satisfies Parts

const day = 86_400_000
/** Plaid fetches once or twice a day, and what is a week old is no basis for advice. */
const freshMs = day
const staleMs = 7 * day
/** A statement comes once a month. */
const statementMs = 35 * day
/** Neither good nor bad. */
const unknown = 50

const byStatus: Record<Status, number> = {
  active: 100,
  preparing: 70,
  expiring: 60,
  bank_issue: 40,
  needs_reauth: 0,
  expired: 0,
  revoked: 0,
  removing: 0,
}

/** How far the figures of an account can be trusted, from 0 to 100, and what that is made of. */
export function healthOf(findings: Findings): { readonly score: number; readonly parts: Parts } {
  const parts = {
    connection: byStatus[findings.status],
    freshness: freshness(findings.ageMs),
    sync: share(findings.runs),
    reconciliation: reconciled(findings),
  }
  const points =
    weights.connection * parts.connection +
    weights.freshness * parts.freshness +
    weights.sync * parts.sync +
    weights.reconciliation * parts.reconciliation
  return { score: Math.round(points / 100), parts }
}

/** Those of investments cannot be reconciled, and lose nothing by it. */
export function isReconcilable(type: AccountType): boolean {
  return type === 'depository' || type === 'credit' || type === 'loan'
}

/** It has never been, or so long ago that there is another statement since. */
export function awaitsReconciliation({ accountType, reconciliation }: Findings): boolean {
  return isReconcilable(accountType) && (reconciliation === null || reconciliation.ageMs > statementMs)
}

function freshness(ageMs: number): number {
  const left = (staleMs - ageMs) / (staleMs - freshMs)
  return Math.round(100 * Math.min(1, Math.max(0, left)))
}

function share(runs: readonly boolean[]): number {
  if (runs.length === 0) return unknown
  return Math.round((100 * runs.filter(Boolean).length) / runs.length)
}

function reconciled({ accountType, reconciliation }: Findings): number {
  if (!isReconcilable(accountType)) return 100
  if (reconciliation === null) return unknown
  if (reconciliation.discrepancy !== 0) return 0
  return reconciliation.ageMs > statementMs ? 75 : 100
}
