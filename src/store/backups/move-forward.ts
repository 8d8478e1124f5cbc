import { sql } from 'kysely'
import type { Db } from '../schema.ts'

/**
 * What a backup says of a login, and of when it was asked last, is over: each is checked at once and fetched anew. Who
 * fetched then does so no more.
 */
export async function moveForward(db: Db, now: string): Promise<void> {
  await sql`update connections set last_checked_at = null, dirty_since = coalesce(dirty_since, ${now})`.execute(
    db,
  )
  await sql`update sync_leases set owner = null, "until" = 0`.execute(db)
}
