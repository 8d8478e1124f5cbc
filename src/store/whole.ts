import { setImmediate as breathe } from 'node:timers/promises'
import { sql } from 'kysely'
import { CofferError } from '../errors.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

/** SQLite checks a whole file without letting go, for seconds where it is large: so it goes by tables, and others come between. */
export function createWhole({ query }: Access, path: string): Store['requireWhole'] {
  return async () => {
    // What belongs to no table: free pages, and pages that two would share.
    await query((db) => refuseUnlessOk(db, 'quick_check(1)', path))
    for (const table of await query(tablesOf)) {
      await breathe()
      await query((db) => refuseUnlessOk(db, `integrity_check('${table}')`, path))
    }
  }
}

async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}

async function refuseUnlessOk(db: Db, check: string, path: string): Promise<void> {
  const { rows } = await sql<object>`pragma ${sql.raw(check)}`.execute(db)
  if (Object.values(rows[0] ?? {})[0] === 'ok') return
  // The next start may well open it: what only an index says wrong is not looked for then.
  throw new CofferError('DATABASE_DAMAGED', `${path} is damaged. Nothing was changed.`, {
    fix: 'Close the clients that use Coffer, then run coffer-mcp restore: it goes back to the newest good backup, and keeps what is there.',
  })
}
