import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which connection took the place of a dead one. */
export const replaced: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table connections add column replaced_by text').execute(db)
  },
}
