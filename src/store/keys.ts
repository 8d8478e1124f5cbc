import type { Access } from './access.ts'
import { remember } from './remember.ts'
import type { Db } from './schema.ts'
import type { KeyRecord } from '../model.ts'
import type { Store } from './store.ts'

export function createKeys({ query, write, version }: Access): Store['keys'] {
  return {
    list: remember(version, () => query(listKeys)),
    insert: (key: KeyRecord) =>
      write(async (db) => {
        await db.insertInto('keys').values(key).execute()
      }),
  }
}

function listKeys(db: Db) {
  return db.selectFrom('keys').selectAll().orderBy('createdAt').orderBy('keyId').execute()
}
