// Reads a number from a connection's label and writes the next one, in one transaction: count-up HOME DRIVER TIMES
import { openStore } from '../../../src/store/index.ts'
import { driverNamed } from './driver-named.ts'

const [home = '', driver, times = ''] = process.argv.slice(2)
const store = await openStore({ home, driver: driverNamed(driver) })
for (let time = 0; time < Number(times); time++)
  await store.connections.change('item-1', (now) => ({ ...now, label: String(Number(now.label) + 1) }))
await store.close()
