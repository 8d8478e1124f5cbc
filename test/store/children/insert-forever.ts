// Inserts connections with numbers from FIRST on, each with an account, and prints each number once both are
// stored: insert-forever HOME DRIVER FIRST [UMASK]
import { writeSync } from 'node:fs'
import { openStore } from '../../../src/store/index.ts'
import { account, connection } from '../rows.ts'
import { driverNamed } from './driver-named.ts'

const [home = '', driver, first = '', umask = '022'] = process.argv.slice(2)
process.umask(Number.parseInt(umask, 8))
const store = await openStore({ home, driver: driverNamed(driver) })
for (let number = Number(first); ; number++) {
  const itemId = `item-${number}`
  await store.connections.insert(connection({ itemId }), `sealed ${number}`)
  await store.accounts.replace(itemId, [account({ itemId, accountId: `acc-${number}` })])
  writeSync(1, `${number}\n`)
}
