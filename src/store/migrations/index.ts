import type { Migration } from 'kysely/migration'
import { firstTables } from './001-first-tables.ts'

/** Run in this order, each once. What was released is never changed: the next step is a new one. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first-tables': firstTables,
}

/** The schema's number: how many migrations there are. */
export const newestSchema = Object.keys(migrations).length
