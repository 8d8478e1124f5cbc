import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a person has been asked for and has not answered. `approval_id` is the hash of what the page's link holds. */
export const approvals: Migration = {
  async up(db: Kysely<unknown>) {
    const table = `create table approvals (
      approval_id text not null primary key,
      action text not null,
      expires_at text not null
    )`
    await sql.raw(table).execute(db)
  },
}
