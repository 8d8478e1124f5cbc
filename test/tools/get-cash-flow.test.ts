import { expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { getCashFlow } from '../../src/tools/get-cash-flow.ts'
import { invoke } from '../../src/tools/run.ts'
import { bank, hour, openRooms, otherBank } from '../support/rooms.ts'

it('a bank of whose transactions nothing is known is said to be that, and not to count as sums', async () => {
  await using rooms = await openRooms()
  const call = { signal: new AbortController().signal, progress: () => {}, log: silentLog }
  const here = { ...call, core: async () => rooms.app }
  await rooms.connect(bank)
  await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
  rooms.simulator.controls.set({ readyAfterMs: hour })
  const itemId = await rooms.connect(otherBank)
  const unknown = {
    code: 'TRANSACTIONS_NOT_KNOWN',
    item_id: itemId,
    text: expect.stringContaining('Ask again in a minute.'),
  }
  const { complete, warnings } = await invoke(getCashFlow, {}, here)
  expect(complete).toBe(false)
  expect(warnings.filter(({ item_id }) => item_id === itemId)).toMatchObject([unknown])
})
