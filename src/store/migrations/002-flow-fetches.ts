import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The last fetch of each connection's flow; of those before nobody knows more than what they made known. */
export const flowFetches: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table flow_fetches (
    item_id text not null primary key references connections on delete cascade,
    revision integer not null,
    "from" text not null,
    "to" text not null
  )`,
  `insert into flow_fetches (item_id, revision, "from", "to")
    select item_id, 1, max("from"), max("to") from flow_spans group by item_id`,
]
