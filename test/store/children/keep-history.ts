// Keeps the same figures for so many days, and prints how often they were written: keep-history HOME DRIVER DAYS
import { openStore } from '../../../src/store/index.ts'
import { totalsDay } from '../rows.ts'
import { driverNamed } from './driver-named.ts'

const [home = '', driver, days = ''] = process.argv.slice(2)
const store = await openStore({ home, driver: driverNamed(driver) })
let written = 0
for (let number = 1; number <= Number(days); number++) {
  const date = `2026-11-${String(number).padStart(2, '0')}`
  const takenAt = `${date}T10:00:00.${String(process.pid % 1000).padStart(3, '0')}Z`
  if (await store.history.add([totalsDay({ date, takenAt })], '2000-01-01')) written += 1
}
process.stdout.write(String(written))
await store.close()
