import type { LeaderNote } from '../model.ts'
import type { Access } from './access.ts'
import type { Store } from './store.ts'

const key = 'leader'

export function createLeader({ query, write }: Access): Store['leader'] {
  return {
    read: () =>
      query(async (db) => {
        const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
        // Only this room writes the row.
        return row === undefined ? null : (JSON.parse(row.value) as LeaderNote)
      }),
    write: (note) =>
      write(async (db) => {
        if (note === null) await db.deleteFrom('meta').where('key', '=', key).execute()
        else
          await db
            .replaceInto('meta')
            .values({ key, value: JSON.stringify(note) })
            .execute()
      }),
  }
}
