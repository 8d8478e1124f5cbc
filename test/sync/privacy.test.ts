import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bank, brokerage, dataDirectory, openRooms, otherBank, type Rooms } from '../support/rooms.ts'

/** Every byte of the data directory, the write-ahead log included. */
function everyFile(rooms: Rooms): { path: string; text: string }[] {
  const directory = dataDirectory(rooms.home)
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }))
}

async function everyTransaction(rooms: Rooms) {
  const day = (back: number) => new Date(rooms.now() - back * 86_400_000).toISOString().slice(0, 10)
  const items = rooms.simulator.controls.items().map(({ itemId }) => itemId)
  const pulled = await Promise.all(
    items.map(async (itemId) => [
      ...(await rooms.app.plaid.transactions(itemId, day(90), day(0)).catch(() => [])),
      ...(await rooms.app.plaid.investmentTransactions(itemId, day(90), day(0)).catch(() => [])),
    ]),
  )
  return pulled.flat()
}

it('nothing of a transaction but its sums is on disk, and no token', async () => {
  await using rooms = await openRooms()
  for (const at of [bank, otherBank]) await rooms.connect(at)
  await rooms.connect(brokerage, { kind: 'brokerage' })
  const reading = await rooms.app.sync.read({ days: 90, maxAgeMinutes: 0 })
  const { totals } = await rooms.app.sync.snapshot(reading.window)
  expect(totals[0]?.income).toBeGreaterThan(0)

  const rows = await everyTransaction(rooms)
  expect(rows.length).toBeGreaterThan(200)
  const texts = rows.flatMap((row) => [row.transactionId, row.name, 'merchant' in row ? row.merchant : null])
  const tokens = rooms.simulator.controls.items().map(({ accessToken }) => accessToken)
  const secrets = [...new Set([...texts, ...tokens, rooms.simulator.secret])].filter((text) => text !== null)
  const files = everyFile(rooms)
  expect(files.length).toBeGreaterThan(1)
  const found = secrets.filter((text) => files.some((file) => file.text.includes(text)))
  expect(found).toEqual([])
})
