import type { Access } from './access.ts'
import type { KeyRecord, Store } from './store.ts'

export function createKeys({ read, write }: Access): Store['keys'] {
  return {
    list: () =>
      read((db) => db.selectFrom('keys').selectAll().orderBy('createdAt').orderBy('keyId').execute()),
    insert: (key: KeyRecord) =>
      write(async (db) => {
        await db.insertInto('keys').values(key).execute()
      }),
  }
}
