export type { DriverName } from './drivers/driver.ts'
export { openStore, type StoreOptions } from './open.ts'
export { beginRestore, listCopies, type Restoring } from './backups/restore.ts'
export type { ConnectionTable, Link, Store } from './store.ts'
