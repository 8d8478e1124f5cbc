import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A host that seems down is left alone by all processes together. */
export const hosts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table hosts (
    host text not null primary key,
    open_until bigint,
    pauses integer not null,
    code text,
    message text
  )`,
  `create table host_calls (
    host text not null references hosts on delete cascade,
    at bigint not null,
    lane text not null,
    failed integer not null
  )`,
  `create index host_calls_of on host_calls (host, at)`,
]
