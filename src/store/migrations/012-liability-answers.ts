import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** No liabilities of a connection are no answer to what is due there, unless the bank was asked. */
export const liabilityAnswers: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table liability_answers (
    item_id text not null primary key references connections on delete cascade
  )`,
  `insert into liability_answers select distinct item_id from liabilities`,
]
