import type {
  Account,
  BalanceDay,
  Connection,
  FlowDay,
  FlowMove,
  Holding,
  JobRun,
  LeaderNote,
  Liability,
  ReceivedWebhook,
  Rule,
  Reconciliation,
  Span,
  SyncRun,
  SyncSchedule,
  Transaction,
  TotalsDay,
  WebhookDelivery,
} from '../model.ts'
import type { Tombstone } from '../tombstone.ts'
import type { Backups } from './backups/make.ts'
import type { Link } from './link.ts'
import type { KeyTable } from './keys.ts'
import type { SealedTable } from './sealed.ts'
import type { Seen } from './shown.ts'
import type { ApprovalTable } from './approvals.ts'
import type { CallTable } from './calls.ts'
import type { HostTable } from './hosts.ts'
import type { Reserve } from './reserve.ts'
import type { TokenTable } from './tokens.ts'
import type { AuditTable } from './audit.ts'
import type { ConnectionTable } from './connections.ts'

export type { ConnectionTable } from './connections.ts'
export type { Link } from './link.ts'
export type { IncomeDay, Seen, SeenBill } from './shown.ts'

/** A webhook in the inbox. */
export interface InboxEntry extends ReceivedWebhook {
  readonly id: number
}

export interface NewInboxEntry extends ReceivedWebhook {
  /** Tells a repetition of the same delivery. */
  readonly digest: string
  readonly receivedAt: string
}

export type MarkSame = (
  accounts: readonly Account[],
  connections: readonly Connection[],
) => readonly Account[]

/** Where `/transactions/sync` goes on; what is in the ledger is all since the day `from`. */
export interface LedgerCursor {
  readonly cursor: string
  readonly from: string
}

/** What a whole loop of `/transactions/sync` brought. */
export interface LedgerUpdates extends LedgerCursor {
  /** The cursor that the loop began with. */
  readonly since: string | null
  readonly upserts: readonly Transaction[]
  readonly removed: readonly string[]
  /** `upserts` are all there are. */
  readonly isWhole: boolean
}

/** The right to sync one connection. `fence` grows with each lease of it. */
export interface Lease {
  readonly itemId: string
  readonly owner: string
  readonly fence: number
}

/** How many tokens there were of each kind at one time. No bank is named. */
export interface TokenReport {
  readonly takenAt: string
  readonly counts: Readonly<Record<string, number>>
}

export interface Store {
  /** Random, made with the database: part of what every sealed record is bound to. */
  readonly databaseId: string
  readonly connections: ConnectionTable
  readonly accounts: {
    /** All, or those of one connection; each connection's in Plaid's order. */
    list(itemId?: string): Promise<readonly Account[]>
    /**
     * What Plaid listed now: others of that connection are dropped. `mark` gives all accounts there are then
     * their `sameAs`, in the same order; it is called, and its marks written, in the same transaction.
     */
    replace(itemId: string, accounts: readonly Account[], mark?: MarkSame): Promise<void>
    /**
     * Deletes one account with its holdings and its kept flow; the rows of an earlier fetch bring none of it back.
     * `mark` as for `replace`.
     */
    forget(itemId: string, accountId: string, mark?: MarkSame): Promise<void>
    /** Gives all accounts their `sameAs` anew, in one transaction. */
    remark(mark: MarkSame): Promise<void>
  }
  readonly holdings: {
    list(itemId?: string): Promise<readonly Holding[]>
    replace(itemId: string, holdings: readonly Holding[]): Promise<void>
  }
  /** Like holdings; one row per account. */
  readonly liabilities: {
    list(itemId?: string): Promise<readonly Liability[]>
    replace(itemId: string, liabilities: readonly Liability[]): Promise<void>
    /** This connection has none to tell; what it told before stands. */
    noteNone(itemId: string): Promise<void>
    /** The item_ids of those that have told theirs, be it that there are none. */
    told(): Promise<ReadonlySet<string>>
  }
  readonly flow: {
    /**
     * Replaces what is kept of this connection within `span`; what lies outside stays, and the kept span
     * grows, if the two touch. One transaction.
     * @param revision of the fetch whose rows are written once more; without it they are of a new fetch
     * @param wanted what the fetch asked for, where that is more than it brought; default `span`
     * @returns the revision; null, and nothing was written, when there was a later fetch than `revision`
     */
    replace(
      itemId: string,
      span: Span,
      days: readonly FlowDay[],
      moves: readonly FlowMove[],
      revision?: number,
      wanted?: Span,
    ): Promise<number | null>
    /**
     * Copies what is kept of `from` for days that are not known of `to`, account by account as `accounts` says
     * (old account_id to new); those days are known of `to` then. Once more changes nothing.
     */
    inherit(from: string, to: string, accounts: ReadonlyMap<string, string>): Promise<void>
    /** What the investment accounts of this connection did was among what was fetched. */
    noteInvested(itemId: string): Promise<void>
    /** All single moves of all connections. */
    moves(): Promise<readonly FlowMove[]>
    /** What the last fetch of each connection asked for; the revision grows with each. */
    fetches(): Promise<ReadonlyMap<string, Span & { readonly revision: number }>>
    /** All connections, dates within `span`, with the span known of each, what its last fetch asked for, and whether any brought investments. */
    read(span: Span): Promise<{
      readonly days: readonly FlowDay[]
      readonly moves: readonly FlowMove[]
      readonly spans: ReadonlyMap<string, Span>
      readonly fetched: ReadonlyMap<string, Span & { readonly revision: number; readonly invested: boolean }>
      /** By item_id the last day that is kept as earlier rules had it; so are those before it. */
      readonly oldRules: ReadonlyMap<string, string>
    }>
  }
  /** The owner's, newest first. */
  readonly rules: {
    list(): Promise<readonly Rule[]>
    /**
     * In place of the one with the same `match`, if there is one. Where that may change what rows count as, what is kept
     * is under old rules from then on, but for banks that have nothing but investment accounts.
     */
    put(rule: Rule): Promise<void>
    /** False, and nothing was written, when there was none. */
    remove(match: string, at: string): Promise<boolean>
    /** When what rows count as was last changed by a rule; null: never. */
    changedAt(): Promise<string | null>
  }
  readonly balanceDays: {
    /** Of one account, or of all; oldest day first. */
    list(accountId?: string): Promise<readonly BalanceDay[]>
    /** What is known now of these days; it takes the place of what was known of them. One transaction. */
    note(itemId: string, days: readonly Omit<BalanceDay, 'itemId'>[]): Promise<void>
    /** As flow.inherit: copies the days that are not known of `to`. */
    inherit(from: string, to: string, accounts: ReadonlyMap<string, string>): Promise<void>
  }
  /** The household's totals over time. */
  readonly history: {
    /**
     * What was taken at one time, a row for each currency: false, and nothing was written, when that of the day that
     * was taken last is the same. With the first of a day, all but the last of each day before `thinBefore` goes.
     */
    add(rows: readonly TotalsDay[], thinBefore: string): Promise<boolean>
    /** Of each day what was taken last; oldest first, by currency. */
    list(span?: Span): Promise<readonly TotalsDay[]>
  }
  /** What the last snapshot told a person. */
  readonly seen: {
    /** null: nobody has seen one yet. */
    read(): Promise<Seen | null>
    /** In the place of all that was seen before. One transaction. */
    write(seen: Seen): Promise<void>
  }
  readonly approvals: ApprovalTable
  readonly audit: AuditTable
  readonly links: {
    insert(link: Link): Promise<void>
    find(linkId: string): Promise<Link | null>
    /** The newest link of a connection. */
    latestOf(itemId: string): Promise<Link | null>
    /** Not final yet, oldest first. */
    open(): Promise<readonly Link[]>
    /** Like ConnectionTable.change. */
    change(linkId: string, change: (now: Link) => Link): Promise<Link | null>
    /** True when the lease is now `owner`'s: it was free, lapsed, over a minute ahead or already theirs, and the link is not final. */
    lease(linkId: string, owner: string, now: number, until: number): Promise<boolean>
    /** Forgets the public tokens of links that ended before `before`. */
    forgetPublicTokens(before: string): Promise<void>
    /** Sets `rungAt` of this link, or of all that are not final. */
    ring(at: string, linkId?: string): Promise<void>
  }
  /** What arrived and has yet to take effect. It holds nothing of a webhook but what is acted on. */
  readonly inbox: {
    /**
     * On the disk when it resolves, in one transaction. One flag per entry: false for one that is there and has yet to
     * take effect. One that took effect does so again: within a second a login may break, be mended and break, and
     * both webhooks are the same.
     */
    add(entries: readonly NewInboxEntry[]): Promise<readonly boolean[]>
    /** Without effect yet, oldest first; those after the id `after`. */
    pending(limit: number, after?: number): Promise<readonly InboxEntry[]>
    done(ids: readonly number[], at: string): Promise<void>
    /** Deletes what took effect before `before`. */
    prune(before: string): Promise<void>
  }
  readonly deliveries: {
    list(): Promise<readonly WebhookDelivery[]>
    /** Like ConnectionTable.change: there is a row for every connection, whether or not it was written yet. */
    change(itemId: string, change: (now: WebhookDelivery) => WebhookDelivery): Promise<WebhookDelivery | null>
  }
  /** Written by the leader, read by anybody; that it is there does not say that the leader still lives. */
  readonly leader: {
    read(): Promise<LeaderNote | null>
    write(note: LeaderNote | null): Promise<void>
  }
  readonly reconciliations: {
    add(row: Reconciliation): Promise<void>
    /** The newest of an account. */
    lastOf(accountId: string): Promise<Reconciliation | null>
  }
  readonly schedules: {
    /** Only of connections that were ever given a frequency or begun. */
    list(): Promise<readonly SyncSchedule[]>
    /** Minutes between two fetches; 0: as all. Null when there is no such connection. */
    setFrequency(itemId: string, everyMinutes: number): Promise<SyncSchedule | null>
    /** Before the work: true for one caller of those who have seen the same `begunAt`, and never for a connection that is gone. */
    claim(itemId: string, begunAt: string | null, at: string): Promise<boolean>
  }
  readonly jobs: {
    list(): Promise<readonly JobRun[]>
    /** Before the work: true for one caller of those who have seen the same row. */
    claim(seen: JobRun, at: string): Promise<boolean>
    ended(name: string, code: string | null): Promise<void>
  }
  /** What is left of connections that were removed; newest first. */
  readonly tombstones: {
    list(): Promise<readonly Tombstone[]>
    /** Of those that nothing took the place of. */
    count(): Promise<number>
  }
  /** One a week; those of a year are kept. */
  readonly tokenReports: {
    add(report: TokenReport): Promise<void>
    /** The newest that was taken at or before this time. */
    lastBefore(before: string): Promise<TokenReport | null>
  }
  readonly backups: Backups
  readonly scrubbing: {
    /** Something was erased, and its traces may still be in the files. */
    isOwed(): Promise<boolean>
    /**
     * Brings what was erased out of the free pages, the log and the backups: all are written anew. False when
     * somebody else read or wrote for too long; then it is still owed.
     */
    scrub(): Promise<boolean>
    /** Whether this text stands in something that is kept, such as another bank's name or a transaction. */
    isKept(text: string): Promise<boolean>
    /** The files of the data directory, by their paths below it, that hold any of these texts. */
    filesWith(texts: readonly string[]): Promise<readonly string[]>
  }
  /**
   * Rejects with DATABASE_DAMAGED unless every page, row and index is what it should be; nothing is moved or mended.
   * Opening looks at less.
   */
  requireWhole(): Promise<void>
  /** Another text after each write, of this process or any other, but of the audit log. Cheap. */
  version(): Promise<string>
  readonly keys: KeyTable
  readonly sealed: SealedTable
  readonly calls: CallTable
  readonly hosts: HostTable
  /** Room for what has to be written on a full disk. */
  readonly reserve: Pick<Reserve, 'keep'>
  readonly tokens: TokenTable
  /** The transactions themselves, where the owner wants them kept. */
  readonly ledger: {
    /** By item_id. */
    cursors(): Promise<ReadonlyMap<string, LedgerCursor>>
    /**
     * Rows and cursor in one transaction; nothing older than `from` is kept. SYNC_MUTATED when what is there is not
     * what `since` leads on from: the ledger was emptied meanwhile.
     */
    apply(itemId: string, updates: LedgerUpdates): Promise<void>
    /** Dates within `span`, oldest first; a pending one may stand beside the posted one it became. */
    rows(span: Span, itemId?: string): Promise<readonly Transaction[]>
    /** The day of the oldest row of a connection; null where there is none. */
    firstDay(itemId: string): Promise<string | null>
    /** Deletes what is older than the day `before`, from the disk too. */
    prune(before: string): Promise<void>
    /** Deletes all, from the disk too. False when some of it may still be in the log: call it again. */
    clear(): Promise<boolean>
  }
  /** One run per connection over all processes. */
  readonly leases: {
    /** Null while another one holds: not lapsed, and not more than a minute ahead. Times in ms since 1970. */
    take(itemId: string, owner: string, now: number, until: number): Promise<Lease | null>
    /** False when it was taken over. */
    renew(lease: Lease, until: number): Promise<boolean>
    /** Gives it back, and notes how the run ended, of which the last 20 are kept; neither once it was taken over. */
    release(lease: Lease, run: Omit<SyncRun, 'itemId'>): Promise<void>
    isTaken(itemId: string, now: number): Promise<boolean>
  }
  /** The same store for one run: a write rejects with SYNC_TAKEN_OVER once somebody else has taken its lease. */
  fenced(lease: Lease): Store
  readonly syncRuns: {
    /** Newest first. */
    lastOf(itemId: string, n: number): Promise<readonly SyncRun[]>
  }
  /** What the driver says of itself, for `doctor`. */
  readonly about: { readonly driver: string; readonly version: string; readonly path: string }
  close(): Promise<void>
}
