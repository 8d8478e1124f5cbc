import { describe, expect, it } from 'vitest'
import { bank, openRooms, realTime, otherBank, type Rooms } from '../support/rooms.ts'
import { startTurnstile, type Turnstile } from '../support/turnstile.ts'
import { until } from '../support/until.ts'
import { startSyncCopy } from './copy.ts'

const everything = { days: 30, maxAgeMinutes: 0 }
const ledgers = [
  ['off', '/transactions/get', 1_000],
  // A loop has several pages.
  ['on', '/transactions/sync', 200],
] as const

async function startCopies(count: number, rooms: Rooms, { url }: Turnstile, ledger: string) {
  // The runs that new links begin are over.
  await rooms.app.sync.read(everything)
  const env = { ...rooms.env, PLAID_BASE_URL: url, COFFER_LEDGER: ledger }
  return await Promise.all(Array.from({ length: count }, () => startSyncCopy(env)))
}

describe.each(ledgers)(
  'processes that sync at once, with the ledger %s',
  { timeout: 90_000 },
  (ledger, path, heldMs) => {
    it('call for a bank once: all the others take what one of them brings', async () => {
      await using rooms = await openRooms({}, {}, realTime)
      await rooms.connect(bank)
      await rooms.connect(otherBank)
      await using turnstile = await startTurnstile(rooms.simulator.url, 2 * heldMs)
      const copies = await startCopies(4, rooms, turnstile, ledger)
      const answers = await Promise.all(copies.map((copy) => copy.read(everything)))
      const [first] = answers
      expect(first).toMatchObject({ complete: true, errors: [null, null] })
      expect(answers).toEqual([first, first, first, first])
      expect([turnstile.came('/item/get'), turnstile.came('/accounts/get')]).toEqual([2, 2])
      expect(turnstile.most(path)).toBe(1)
    })

    it('never have two calls for one bank under way, whatever each of them wants', async () => {
      await using rooms = await openRooms({}, {}, realTime)
      await rooms.connect(bank)
      await using turnstile = await startTurnstile(rooms.simulator.url, 100)
      const copies = await startCopies(3, rooms, turnstile, ledger)
      const answers = copies.map(async (copy, at) => {
        const first = await copy.read({ days: 30 * (at + 1), maxAgeMinutes: 0, rows: true })
        return [first, await copy.read(everything)].every(({ complete }) => complete)
      })
      expect(await Promise.all(answers)).toEqual([true, true, true])
      for (const one of ['/item/get', '/accounts/get', path]) expect(turnstile.most(one)).toBe(1)
    })

    it('take over from one that is killed in the middle', async () => {
      await using rooms = await openRooms({}, {}, realTime)
      await rooms.connect(bank)
      await using turnstile = await startTurnstile(rooms.simulator.url, heldMs)
      const [holder, other] = await startCopies(2, rooms, turnstile, ledger)
      void holder?.read(everything)
      await until(() => turnstile.came(path) === 1)
      holder?.signal('SIGKILL')
      await until(async () => (await other?.read(everything))?.complete === true)
      expect(turnstile.most(path)).toBe(1)
    })

    it('take over from one that sleeps, which writes nothing when it wakes', async () => {
      await using rooms = await openRooms({}, {}, realTime)
      const itemId = await rooms.connect(bank)
      await using turnstile = await startTurnstile(rooms.simulator.url, heldMs)
      const [holder, other] = await startCopies(2, rooms, turnstile, ledger)
      const slept = holder?.read(everything)
      await until(() => turnstile.came(path) === 1)
      holder?.signal('SIGSTOP')
      await until(async () => (await other?.read(everything))?.complete === true)
      rooms.simulator.controls.addTransaction(itemId, { amount: 1.23, text: 'Corner Shop' })
      const newest = await other?.read(everything)
      const { store } = rooms.app
      const state = async () => [
        await store.connections.list(),
        await store.accounts.list(),
        await store.flow.read({ from: '0000-01-01', to: '9999-12-31' }),
        await store.ledger.rows({ from: '0000-01-01', to: '9999-12-31' }),
        await store.syncRuns.lastOf(itemId, 9),
      ]
      const before = await state()
      holder?.signal('SIGCONT')
      // It takes what the other one brought meanwhile.
      expect((await slept)?.totals).toEqual(newest?.totals)
      expect(await state()).toEqual(before)
    })
  },
)
