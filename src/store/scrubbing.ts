import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { isCofferError } from '../errors.ts'
import type { Access } from './access.ts'
import type { Backups } from './backups/make.ts'
import { filesWith } from './files-with.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

const owed = 'scrub_owed'
/** Others who read hold back the end of the log: each try may wait for the busy timeout by itself. */
const tries = 5
const pauseMs = 200

export function createScrubbing(
  { query, write, truncateLog }: Access,
  path: string,
  backups: Pick<Backups, 'renew'>,
): Store['scrubbing'] {
  async function once(): Promise<boolean> {
    await query(vacuum)
    return await truncateLog()
  }

  return {
    isOwed: () => query(async (db) => (await findOwed(db)) !== undefined),
    async scrub() {
      const before = await query(findOwed)
      for (let attempt = 1; !(await unlessBusy(once)); attempt++) {
        if (attempt === tries) return false
        await sleep(pauseMs * attempt)
      }
      // Those from before hold what was erased.
      if (!(await unlessBusy(backups.renew))) return false
      if (before !== undefined) await write((db) => pay(db, before.value))
      return true
    },
    isKept: (text) => query((db) => isKept(db, text)),
    filesWith: (texts) => filesWith(dirname(path), path, texts),
  }
}

async function unlessBusy(work: () => Promise<boolean | void>): Promise<boolean> {
  try {
    return (await work()) ?? true
  } catch (error) {
    if (isCofferError(error, 'DATABASE_BUSY')) return false
    throw error
  }
}

/** `secure_delete` overwrites what is freed, and leaves what a moved cell or an earlier page in the log still shows. */
async function vacuum(db: Db): Promise<void> {
  // The copy that VACUUM makes on its way is nobody's business outside of our directory.
  await sql`pragma temp_store = memory`.execute(db)
  await sql`vacuum`.execute(db)
}

function findOwed(db: Db) {
  return db.selectFrom('meta').select('value').where('key', '=', owed).executeTakeFirst()
}

/** Each erasure owes one of its own: what was erased while a scrub ran is not paid by it. */
export async function oweScrub(db: Db): Promise<void> {
  const value = String(Number((await findOwed(db))?.value ?? 0) + 1)
  await db.replaceInto('meta').values({ key: owed, value }).execute()
}

async function pay(db: Db, value: string): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', owed).where('value', '=', value).execute()
}

/** Where texts of strangers and of the owner are kept, by the names that the database has. */
const texts = {
  connections: ['institution', 'label', 'person'],
  accounts: ['name'],
  holdings: ['name'],
  transactions: ['name', 'merchant'],
  rules: ['"match"', 'category'],
  links: ['label', 'person'],
} as const

async function isKept(db: Db, text: string): Promise<boolean> {
  for (const [table, columns] of Object.entries(texts)) {
    const found = columns.map((column) => sql`instr(${sql.raw(column)}, ${text}) > 0`)
    const { rows } =
      await sql`select 1 from ${sql.raw(table)} where ${sql.join(found, sql` or `)} limit 1`.execute(db)
    if (rows.length > 0) return true
  }
  return false
}
