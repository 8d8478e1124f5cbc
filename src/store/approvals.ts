import type { ApprovedAction } from '../approved-action.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'

/** What a person has been asked and has not answered yet. Times are ISO 8601. */
export interface ApprovalTable {
  /** Those that are over by `now` are forgotten. */
  add(
    row: { readonly approvalId: string; readonly action: ApprovedAction; readonly expiresAt: string },
    now: string,
  ): Promise<void>
  find(approvalId: string, now: string): Promise<ApprovedAction | null>
  /** As `find`, and it is gone then: of all who come at once one gets it. */
  take(approvalId: string, now: string): Promise<ApprovedAction | null>
}

export function createApprovals({ query, write }: Access): ApprovalTable {
  return {
    add: ({ action, ...row }, now) =>
      write(async (db) => {
        await db.deleteFrom('approvals').where('expiresAt', '<=', now).execute()
        await db
          .insertInto('approvals')
          .values({ ...row, action: JSON.stringify(action) })
          .execute()
      }),
    find: (approvalId, now) => query((db) => find(db, approvalId, now)),
    take: (approvalId, now) =>
      write(async (db) => {
        const action = await find(db, approvalId, now)
        await db.deleteFrom('approvals').where('approvalId', '=', approvalId).execute()
        return action
      }),
  }
}

async function find(db: Db, approvalId: string, now: string): Promise<ApprovedAction | null> {
  const row = await db
    .selectFrom('approvals')
    .select('action')
    .where('approvalId', '=', approvalId)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  // Only this room writes the column, and always an ApprovedAction.
  return row === undefined ? null : (JSON.parse(row.action) as ApprovedAction)
}

/** Nobody is asked any more about a connection that is gone, nor what its bank is called. */
export async function forgetApprovals(db: Db, itemId: string): Promise<void> {
  await db.deleteFrom('approvals').where('action', 'like', `%${itemId}%`).execute()
}
