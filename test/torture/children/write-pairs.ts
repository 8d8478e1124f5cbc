/**
 * Writes for ever: all accounts and all days of its own connection have the same number, which grows with each write.
 * `write-pairs.ts HOME DRIVER ITEM`; prints each number that it has written, and each failure.
 */
import { isCofferError } from '../../../src/errors.ts'
import { openStore } from '../../../src/store/index.ts'
import { driverNamed } from '../../store/children/driver-named.ts'
import { account, connection, flowDay } from '../../store/rows.ts'

const [, , home = '', driver, itemId = ''] = process.argv
const store = await openStore({ home, driver: driverNamed(driver) })
const row = connection({
  itemId,
  createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, itemId.length)).toISOString(),
})
if ((await store.connections.find(itemId)) === null) await store.connections.insert(row, `sealed ${itemId}`)
const span = { from: '2026-10-01', to: '2026-10-28' }
const numbers = Array.from({ length: 28 }, (_, index) => String(index + 1).padStart(2, '0'))

for (let number = 0; ; number += 1) {
  try {
    const accounts = numbers.map((n) =>
      account({ itemId, accountId: `${itemId} ${n}`, name: `number ${number}` }),
    )
    await store.accounts.replace(itemId, accounts)
    const days = numbers.map((n) =>
      flowDay({ itemId, accountId: `${itemId} 01`, date: `2026-10-${n}`, sum: number }),
    )
    await store.flow.replace(itemId, span, days, [])
    process.stdout.write(`${number}\n`)
  } catch (error) {
    process.stdout.write(`failed ${isCofferError(error) ? error.code : String(error)}\n`)
  }
}
