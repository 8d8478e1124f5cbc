import type { KeyRecord } from '../model.ts'
import type { Access } from './access.ts'
import { remember } from './remember.ts'
import type { Db } from './schema.ts'
import { isSealedWith, listSealed } from './sealed.ts'

export interface KeyTable {
  /** Every key that ever sealed here, oldest first. */
  list(): Promise<readonly KeyRecord[]>
  insert(key: KeyRecord): Promise<void>
  /** In one transaction it becomes the active key, and `previous` one that only opens. False when that is not active any more. */
  activate(key: KeyRecord, previous: string): Promise<boolean>
  /** From now on nothing sealed with it is kept. False while something is, or while it is the active one. */
  retire(keyId: string): Promise<boolean>
  /** It is deleted where it was kept: its canary, which nothing can open any more, goes. */
  forget(keyId: string): Promise<void>
}

export function createKeys({ query, write, version }: Access): KeyTable {
  return {
    list: remember(version, () => query(listKeys)),
    insert: (key) =>
      write(async (db) => {
        await db.insertInto('keys').values(key).execute()
      }),
    activate: (key, previous) => write((db) => activate(db, key, previous)),
    retire: (keyId) => write((db) => retire(db, keyId)),
    forget: (keyId) => write((db) => forget(db, keyId)),
  }
}

function listKeys(db: Db) {
  return db.selectFrom('keys').selectAll().orderBy('createdAt').orderBy('keyId').execute()
}

async function activate(db: Db, key: KeyRecord, previous: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('keys')
    .set({ state: 'decrypt-only' })
    .where('keyId', '=', previous)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await db.insertInto('keys').values(key).execute()
  return true
}

async function retire(db: Db, keyId: string): Promise<boolean> {
  if ((await listSealed(db)).some(({ sealed }) => isSealedWith(keyId, sealed))) return false
  const { numUpdatedRows } = await db
    .updateTable('keys')
    .set({ state: 'retired' })
    .where('keyId', '=', keyId)
    .where('state', '!=', 'active')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function forget(db: Db, keyId: string): Promise<void> {
  await db
    .updateTable('keys')
    .set({ canary: '' })
    .where('keyId', '=', keyId)
    .where('state', '=', 'retired')
    .execute()
}
