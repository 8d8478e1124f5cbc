import { expect, it } from 'vitest'
import { bank, day, type Rooms } from '../support/rooms.ts'
import { chanceOf, seedOfRun } from './chance.ts'
import type { Moment } from '../support/gate.ts'
import { say } from './report.ts'
import { type Lane, openLane, type Scene, type Seen } from './sync-kill-lane.ts'

/** Beyond those at the borders of pages: about when the last page is written and the run ends. */
const atTheEnd = Number(process.env['CRASH_POINTS'] ?? 9) / 3
const login = { username: 'user_golden', password: 'clean USD 1' }

async function connected(rooms: Rooms, days: number): Promise<string> {
  const itemId = await rooms.connect(bank, login)
  await rooms.app.sync.read({ days, maxAgeMinutes: 0 })
  return itemId
}

/** Every kind of change, some of it twice, and months of ordinary life. */
async function goOn({ simulator: { controls }, advance, app }: Rooms, itemId: string): Promise<void> {
  controls.set({ untidySync: true })
  const [gone] = await app.store.ledger.rows({ from: '0000-01-01', to: '9999-12-31' })
  if (gone !== undefined) controls.removeTransaction(itemId, gone.transactionId)
  controls.addTransaction(itemId, { amount: 12.34, text: 'Tavern', pending: true })
  controls.postPending(itemId)
  controls.addTransaction(itemId, { amount: 5, text: 'Corner Shop', pending: true })
  advance(250 * day)
  // After so long the bank wants a login.
  controls.repairItem(itemId)
}

const scenes: readonly Scene[] = [
  {
    name: 'all from the beginning',
    ledger: 'on',
    path: '/transactions/sync',
    days: 90,
    agoMs: 0,
    async prepare(rooms) {
      await rooms.app.store.connections.forgetData(await connected(rooms, 90))
    },
  },
  {
    name: 'what is new',
    ledger: 'on',
    path: '/transactions/sync',
    days: 90,
    agoMs: 250 * day,
    prepare: async (rooms) => await goOn(rooms, await connected(rooms, 90)),
  },
  {
    name: 'a window, nothing kept',
    ledger: 'off',
    path: '/transactions/get',
    days: 500,
    agoMs: 250 * day,
    prepare: async (rooms) => await goOn(rooms, await connected(rooms, 500)),
  },
]

/** Both sides of every page, and moments after the last one. */
function momentsOf({ pages, endMs }: Lane, seed: number): (readonly [Moment, number])[] {
  const chance = chanceOf(seed, pages)
  const borders = Array.from({ length: pages }, (_, index) => index + 1).flatMap((page) =>
    (['asked', 'answered'] as const).map((side) => [{ page, side, isLast: page === pages }, 0] as const),
  )
  const last = { page: pages, side: 'answered', isLast: true } as const
  const ends = Array.from({ length: atTheEnd }, () => [last, chance.next() * 1.3 * endMs] as const)
  return [...borders, ...ends]
}

/** What is wrong with what a kill has left. */
function faultsOf({ before, clean }: Lane, seen: Seen): string[] {
  const { killed, next, again, damaged, totals } = seen
  const isOneOf = (part: 'ledger' | 'sums') => [before[part], clean[part]].includes(killed[part])
  const wrong: readonly (readonly [string, boolean])[] = [
    ['the file is damaged', damaged],
    ['rows and cursor are not of one run', !isOneOf('ledger')],
    ['the sums are half written', !isOneOf('sums')],
    ['the next run ends elsewhere', next.ledger !== clean.ledger || next.sums !== clean.sums],
    ['one more run changes something', again.ledger !== next.ledger || again.sums !== next.sums],
    ['the figures change', new Set(totals).size > 1],
  ]
  return wrong.flatMap(([what, isSo]) => (isSo ? what : []))
}

async function run(scene: Scene, seed: number) {
  await using lane = await openLane(scene)
  const faults: string[] = []
  let written = 0
  const moments = momentsOf(lane, seed)
  for (const [moment, afterMs] of moments) {
    const seen = await lane.kill(moment, afterMs)
    const place = `${scene.name}, page ${moment.page} ${moment.side} + ${afterMs.toFixed(0)} ms`
    faults.push(...faultsOf(lane, seen).map((fault) => `${place}: ${fault}`))
    if (seen.killed.sums === lane.clean.sums) written += 1
  }
  return {
    pages: lane.pages,
    kills: moments.length,
    written,
    faults,
    changes: lane.before.sums !== lane.clean.sums,
  }
}

it('a kill -9 at every border of a page and around the end of a run: as after a run that nobody disturbed', async () => {
  const seed = seedOfRun()
  const all = await Promise.all(scenes.map((scene) => run(scene, seed)))
  const told = all.map(
    ({ pages, kills, written }, at) =>
      `${scenes[at]?.name}: ${pages} pages, ${kills} kills, ${written} of them after all was written`,
  )
  const faults = all.flatMap((one) => one.faults)
  say(
    `kill -9 in a run, seed ${seed}: ${told.join('; ')}; rows or sums lost, doubled or torn ${faults.length} (target 0)`,
  )
  expect(faults).toEqual([])
  // Otherwise there was nothing to lose.
  expect(all.filter(({ pages, changes }) => pages < 3 || !changes)).toEqual([])
})
