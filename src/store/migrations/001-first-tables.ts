import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const firstTables: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

/** Times and days are text as in src/model.ts, flags 0 or 1, lists JSON text, amounts in minor units. */
const statements = [
  `create table meta (
    key text not null primary key,
    value text not null
  )`,
  `create table keys (
    key_id text not null primary key,
    state text not null,
    created_at text not null,
    canary text not null,
    fingerprint text not null,
    kdf text
  )`,
  `create table connections (
    item_id text not null primary key,
    environment text not null,
    institution text not null,
    institution_id text,
    label text,
    person text,
    status text not null,
    reason text,
    deadline text,
    answered_deadline text,
    new_accounts integer not null,
    products text not null,
    consented_products text not null,
    created_at text not null,
    last_used_at text,
    last_synced_at text,
    last_checked_at text,
    data_as_of text,
    sync_error text,
    sealed_token text not null
  )`,
  `create table accounts (
    item_id text not null references connections on delete cascade,
    account_id text not null,
    position integer not null,
    name text not null,
    mask text,
    type text not null,
    subtype text,
    currency text not null,
    current bigint,
    available bigint,
    "limit" bigint,
    persistent_account_id text,
    data_as_of text,
    same_as text,
    primary key (item_id, account_id)
  )`,
  `create table holdings (
    item_id text not null references connections on delete cascade,
    position integer not null,
    account_id text not null,
    security_id text not null,
    ticker text,
    name text not null,
    type text not null,
    quantity text not null,
    price text,
    price_as_of text,
    value bigint not null,
    cost_basis bigint,
    currency text not null,
    primary key (item_id, position)
  )`,
  `create table flow_days (
    item_id text not null references connections on delete cascade,
    account_id text not null,
    date text not null,
    currency text not null,
    kind text not null,
    sum bigint not null,
    count integer not null,
    primary key (item_id, date, account_id, currency, kind)
  )`,
  // No key: two equal amounts on one day are two moves.
  `create table flow_moves (
    item_id text not null references connections on delete cascade,
    account_id text not null,
    date text not null,
    currency text not null,
    amount bigint not null,
    look text not null,
    pending integer not null
  )`,
  `create index flow_moves_by_item on flow_moves (item_id, date)`,
  `create table flow_spans (
    item_id text not null references connections on delete cascade,
    "from" text not null,
    "to" text not null,
    primary key (item_id, "from")
  )`,
  // item_id names no connection yet while a new bank is linked, so it is no foreign key.
  `create table links (
    link_id text not null primary key,
    item_id text,
    environment text not null,
    mode text not null,
    state text not null,
    exited integer not null,
    sealed_link_token text not null,
    sealed_url text not null,
    broken integer not null,
    add_accounts integer not null,
    add_products text not null,
    products text not null,
    label text,
    person text,
    replaces text,
    duplicate_of text,
    keep integer not null,
    sealed_public_token text,
    created_at text not null,
    expires_at text not null,
    finished_at text,
    lease_owner text,
    lease_until bigint not null
  )`,
  `create index links_by_item on links (item_id, created_at)`,
  `create table plaid_calls (
    key text not null,
    at bigint not null
  )`,
  `create index plaid_calls_by_key on plaid_calls (key, at)`,
]
