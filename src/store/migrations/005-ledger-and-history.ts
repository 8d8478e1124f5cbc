import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * The ledger and its cursors, the owner's rules, what is due, balances and totals by day, what the last snapshot
 * told, reconciliations, and who syncs what and when.
 */
export const ledgerAndHistory: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const ofItem = 'item_id text not null references connections on delete cascade'

const statements = [
  `create table transactions (
    ${ofItem},
    transaction_id text not null,
    account_id text not null,
    date text not null,
    amount bigint not null,
    currency text not null,
    name text not null,
    merchant text,
    category_primary text,
    category_detailed text,
    category_confidence text,
    pending integer not null,
    pending_transaction_id text,
    primary key (item_id, transaction_id)
  )`,
  `create index transactions_by_date on transactions (date)`,
  // Together with the rows of the loop that ended with it. "from": the first day that the history can reach.
  `create table ledger_cursors (
    item_id text not null primary key references connections on delete cascade,
    cursor text not null,
    "from" text not null
  )`,
  `create table rules (
    rule_id text not null primary key,
    "match" text not null,
    kind text,
    category text,
    created_at text not null
  )`,
  // apr is decimal text, in percent.
  `create table liabilities (
    ${ofItem},
    account_id text not null,
    kind text not null,
    apr text,
    minimum_payment bigint,
    next_payment_due_on text,
    last_statement_balance bigint,
    last_statement_issued_on text,
    is_overdue integer,
    currency text not null,
    primary key (item_id, account_id)
  )`,
  // "current" as in accounts, once a day: the latest of that day.
  `create table balance_days (
    ${ofItem},
    account_id text not null,
    date text not null,
    currency text not null,
    current bigint not null,
    primary key (item_id, account_id, date)
  )`,
  // Totals of the household. No item_id: what is removed later was part of them then.
  `create table history (
    taken_at text not null,
    date text not null,
    currency text not null,
    bank_balance bigint not null,
    credit_owed bigint not null,
    loans_owed bigint not null,
    investments bigint not null,
    net_worth bigint not null,
    net_cash_flow bigint,
    monthly_burn bigint,
    complete integer not null,
    primary key (taken_at, currency)
  )`,
  `create index history_by_date on history (date)`,
  // What the last snapshot that a person saw told: how each connection stood, from which day on it was
  // known and its bills are news, and its income by day.
  `create table seen_connections (
    item_id text not null primary key references connections on delete cascade,
    status text not null,
    seen_at text not null,
    known_from text,
    bills_since text not null
  )`,
  // Bills that grew and were there to be seen; "mark" tells one from another, and not what it is.
  `create table seen_bills (
    ${ofItem},
    mark text not null,
    seen_on text not null,
    primary key (item_id, mark)
  )`,
  `create table seen_income (
    ${ofItem},
    account_id text not null,
    date text not null,
    currency text not null,
    sum bigint not null,
    primary key (item_id, account_id, date, currency)
  )`,
  `create table reconciliations (
    reconciliation_id integer primary key autoincrement,
    ${ofItem},
    account_id text not null,
    "from" text not null,
    "to" text not null,
    currency text not null,
    opening bigint not null,
    expected bigint not null,
    actual bigint not null,
    made_at text not null
  )`,
  `create index reconciliations_by_account on reconciliations (account_id, reconciliation_id)`,
  // every_minutes: 0 = as often as all. begun_at: when the scheduler last began to fetch it.
  `create table sync_schedules (
    item_id text not null primary key references connections on delete cascade,
    every_minutes integer not null,
    begun_at text
  )`,
  // "cause": who asked, such as tool, schedule, webhook. "code": ours, null when it went well.
  `create table sync_runs (
    run_id integer primary key autoincrement,
    ${ofItem},
    started_at text not null,
    ended_at text not null,
    code text,
    cause text not null
  )`,
  `create index sync_runs_by_item on sync_runs (item_id, run_id)`,
  // "fence" grows with each lease: a run whose lease was taken over cannot write any more.
  `create table sync_leases (
    item_id text not null primary key references connections on delete cascade,
    owner text,
    fence integer not null,
    "until" bigint not null
  )`,
  `create table jobs (
    name text not null primary key,
    last_run_at text,
    last_code text
  )`,
  // What the owner's rule said of the row; null where there was none.
  `alter table flow_moves add column rule text`,
  // What is kept of the days up to "until" was judged under rules that have changed since.
  `create table old_rules (
    item_id text not null primary key references connections on delete cascade,
    "until" text not null
  )`,
  // At most one row.
  `create table rule_changes (
    changed_at text not null
  )`,
  // A holding may have no value. A column that must have one cannot be made to do without it everywhere.
  `alter table holdings add column worth bigint`,
  `update holdings set worth = value`,
  `alter table holdings drop column value`,
  `alter table holdings rename column worth to value`,
  // Whether what investment accounts did was ever among it; of what was fetched before nothing else is known.
  `alter table flow_fetches add column invested integer not null default 0`,
  `update flow_fetches set invested = 1`,
]
