import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Environment, statuses } from '../model.ts'
import { nodeSqlite } from '../node-sqlite.ts'

const row = z.object({
  itemId: z.string(),
  institution: z.string(),
  status: z.enum(statuses),
  reason: z.string().nullable(),
  deadline: z.string().nullable(),
  newAccounts: z.number().transform((flag) => flag === 1),
  replacedBy: z.string().nullable(),
})
export type Glimpsed = z.output<typeof row>

const wanted = `select item_id as itemId, institution, status, reason, deadline, new_accounts as newAccounts,
  replaced_by as replacedBy from connections where environment in (select value from json_each(?)) order by created_at`

/**
 * How the connections stood when they were last looked at, without opening a store: nothing is made, moved to a newer
 * schema or written, and nobody is waited for. Throws whatever SQLite throws. Not for a process that has the store open,
 * since to close a second handle frees the locks of the first.
 */
export function glanceAtConnections(home: string, environments: readonly Environment[]): readonly Glimpsed[] {
  const path = join(home, 'coffer.db')
  if (!existsSync(path)) return []
  const { DatabaseSync } = nodeSqlite()
  const database = new DatabaseSync(path, { readOnly: true, timeout: 100 })
  try {
    return z.array(row).parse(database.prepare(wanted).all(JSON.stringify(environments)))
  } finally {
    database.close()
  }
}
