import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What webhooks tell of a connection, where they are sent, and those that arrived. */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  ...[
    'warning text',
    'awaiting_data integer not null default 0',
    'consent_expiration_time text',
    'repaired_at text',
    'error_sent_at text',
    'warning_sent_at text',
    'dirty_since text',
  ].map((column) => `alter table connections add column ${column}`),
  `update connections set awaiting_data = 1 where status = 'preparing'`,
  `update connections set warning = reason where deadline is not null`,
  // Until now every warning came from the consent. What else Plaid told of it is not known, as if it had not been asked.
  `update connections set consent_expiration_time = coalesce(deadline, answered_deadline), last_checked_at = null`,
  `alter table links add column opened_at text`,
  `alter table links add column rung_at text`,
  `create table webhook_deliveries (
    item_id text not null primary key references connections on delete cascade,
    url text,
    update_error text,
    last_sent_code text,
    last_sent_at text,
    last_received_at text
  )`,
  // item_id is null for what is about a link.
  `create table inbox (
    id integer primary key autoincrement,
    digest text not null unique,
    item_id text,
    event text not null,
    sent_at text not null,
    received_at text not null,
    done_at text
  )`,
  `create index inbox_to_do on inbox (id) where done_at is null`,
  `create index inbox_by_item on inbox (item_id)`,
]
