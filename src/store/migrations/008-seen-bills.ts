import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What tells a bill that was told is where it was booked and its prices, and no hash of whose bill it is. */
export const seenBills: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `drop table if exists seen_bills`,
  `create table seen_bills (
    item_id text not null references connections on delete cascade,
    account_id text not null,
    currency text not null,
    previous bigint not null,
    amount bigint not null,
    seen_on text not null,
    primary key (item_id, account_id, currency, previous, amount)
  )`,
  // What had been told by then is not told again.
  `update seen_connections set bills_since = substr(seen_at, 1, 10) where bills_since < substr(seen_at, 1, 10)`,
]
