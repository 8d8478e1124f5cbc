import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * What a removal has to remember until Plaid has confirmed it, what is left of a connection afterwards, and the weekly
 * counts of tokens.
 */
export const removal: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  ...['removing_since', 'removal_cause', 'removal_tried_at'].map(
    (column) => `alter table connections add column ${column} text`,
  ),
  // No item_id: nothing in it leads back to the bank.
  `create table tombstones (
    tombstone_id text not null primary key,
    environment text not null,
    connected_at text not null,
    removed_at text not null,
    reason text not null
  )`,
  // "counts" is JSON of numbers by name: no bank is named.
  `create table token_reports (
    taken_at text not null primary key,
    counts text not null
  )`,
]
