// Opens a store under an umask, as a user if one is given, and prints its id or the error's code:
// open-home HOME DRIVER UMASK [UID]
import { isCofferError } from '../../../src/errors.ts'
import { drivers } from '../../../src/store/drivers/load.ts'
import { openStore } from '../../../src/store/index.ts'
import { driverNamed } from './driver-named.ts'

const [home = '', driver, umask = '022', uid] = process.argv.slice(2)
process.umask(Number.parseInt(umask, 8))
// Once it is another user, the process may no longer read where the packages lie.
await drivers[driverNamed(driver)]()
if (uid !== undefined) {
  process.setgid?.(Number(uid))
  process.setuid?.(Number(uid))
}
try {
  const store = await openStore({ home, driver: driverNamed(driver) })
  process.stdout.write(store.databaseId)
  await store.close()
} catch (error) {
  if (!isCofferError(error)) throw error
  process.stdout.write(error.code)
}
