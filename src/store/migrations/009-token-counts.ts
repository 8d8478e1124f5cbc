import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Calls that cost money, and what lets a hundred thousand connections be counted without reading each row. */
export const tokenCounts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table billed_calls (
    month text not null,
    per text not null,
    endpoint text not null,
    item_id text not null references connections on delete cascade,
    calls integer not null,
    primary key (per, month, endpoint, item_id)
  ) without rowid`,
  `create index billed_calls_of on billed_calls (item_id)`,
  // A sealed record is v1.<key_id>.…; the key id alone says nothing.
  `alter table connections add column key_id text
    generated always as (substr(sealed_token, 4, instr(substr(sealed_token, 4), '.') - 1)) virtual`,
  `create index connections_alike on connections (status, environment, key_id, institution, created_at)`,
  `create index connections_of_person on connections (person)`,
  `create index connections_unused on connections (coalesce(last_used_at, created_at))
    where status not in ('expired', 'revoked')`,
  `create index connections_failing on connections (last_synced_at)
    where sync_error is not null and status not in ('expired', 'revoked', 'removing')`,
]
