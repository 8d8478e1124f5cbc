import type { HostCall, HostState } from '../host-state.ts'
import type {
  Account,
  BalanceDay,
  Connection,
  FlowDay,
  FlowMove,
  Holding,
  JobRun,
  KeyRecord,
  Liability,
  Reconciliation,
  Rule,
  Span,
  SyncRun,
  SyncSchedule,
  TotalsDay,
  Transaction,
  WebhookDelivery,
} from '../model.ts'
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { AuditRow } from '../audit-entry.ts'
import type { Tombstone } from '../tombstone.ts'
import type { Link } from './link.ts'
import type { SeenBill } from './shown.ts'
import type { BilledCalls } from './tokens.ts'

/** A column is text or an integer, in every database: flags are 0 or 1, lists are JSON text (columns.ts). */
type Row<T> = {
  [K in keyof T]: T[K] extends boolean ? number : T[K] extends readonly string[] ? string : T[K]
}

/** Place in Plaid's list. */
interface Placed {
  readonly position: number
}

/** The tables by the names that our code uses; in the database both they and the columns are snake_case. */
export interface Schema {
  meta: { readonly key: string; readonly value: string }
  keys: Row<KeyRecord>
  /** `keyId` is made of the sealed token by the database. */
  connections: Row<Connection> & {
    readonly sealedToken: string
    readonly keyId: ColumnType<string, never, never>
  }
  billedCalls: BilledCalls
  accounts: Row<Account> & Placed
  holdings: Row<Holding> & Placed
  flowDays: Row<FlowDay>
  flowMoves: Row<FlowMove>
  /** What is known of a connection's flow: spans that neither overlap nor touch. */
  flowSpans: Row<Span> & { readonly itemId: string }
  /** The last fetch of a connection's flow: how many there were, the span that it brought, and whether any had investments. */
  flowFetches: Row<Span> & {
    readonly itemId: string
    readonly revision: number
    readonly invested: Generated<number>
  }
  /** The ledger, where it is on. */
  transactions: Omit<Row<Transaction>, 'category'> & {
    readonly itemId: string
    readonly categoryPrimary: string | null
    readonly categoryDetailed: string | null
    readonly categoryConfidence: string | null
  }
  /** Plaid's cursor after the rows that are in the ledger; `from`: the first day that they can reach back to. */
  ledgerCursors: { readonly itemId: string; readonly cursor: string; readonly from: string }
  rules: Row<Rule>
  /** Up to which day what is kept was judged under earlier rules; a connection without a row has none such. */
  oldRules: { readonly itemId: string; readonly until: string }
  /** One row, once any rule was made, changed or removed. */
  ruleChanges: { readonly changedAt: string }
  liabilities: Omit<Row<Liability>, 'isOverdue'> & { readonly isOverdue: number | null }
  /** Connections that have told their liabilities, be it that there are none. */
  liabilityAnswers: { readonly itemId: string }
  balanceDays: Row<BalanceDay>
  history: Row<TotalsDay>
  seenConnections: {
    readonly itemId: string
    readonly status: string
    readonly seenAt: string
    readonly knownFrom: string | null
    readonly billsSince: string
  }
  seenBills: Row<SeenBill>
  seenIncome: {
    readonly itemId: string
    readonly accountId: string
    readonly date: string
    readonly currency: string
    readonly sum: number
  }
  reconciliations: Row<Reconciliation> & { readonly reconciliationId: Generated<number> }
  syncSchedules: Row<SyncSchedule>
  syncRuns: Row<SyncRun> & { readonly runId: Generated<number> }
  /** Which process syncs a connection; `fence` grows with each lease. `until` in ms since 1970. */
  syncLeases: {
    readonly itemId: string
    readonly owner: string | null
    readonly fence: number
    readonly until: number
  }
  jobs: Row<JobRun>
  tombstones: Row<Tombstone>
  /** `counts` is JSON of numbers by name. */
  tokenReports: { readonly takenAt: string; readonly counts: string }
  links: Row<Link>
  /** `action` is JSON of an ApprovedAction. */
  approvals: { readonly approvalId: string; readonly action: string; readonly expiresAt: string }
  webhookDeliveries: Row<WebhookDelivery>
  /** `event` is JSON of a WebhookEvent; `doneAt` is null until it took effect. */
  inbox: {
    readonly id: Generated<number>
    readonly digest: string
    readonly itemId: string | null
    readonly event: string
    readonly sentAt: string
    readonly receivedAt: string
    readonly doneAt: string | null
  }
  audit: Omit<AuditRow, 'auditId' | 'connections'> & {
    readonly auditId: Generated<number>
    /** Hashes, between spaces. */
    readonly connections: string
  }
  /** One row, once there was anything to hash. */
  auditKey: { readonly one: 1; readonly key: string }
  hosts: Omit<HostState, 'calls'> & { readonly host: string }
  hostCalls: Row<HostCall> & { readonly host: string }
  /** One row per call and budget; `at` in ms since 1970. */
  plaidCalls: { readonly key: string; readonly at: number }
}

export type Db = Kysely<Schema>
