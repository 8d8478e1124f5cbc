import { expect, it } from 'vitest'
import { mayMount } from '../support/small-disk.ts'
import { type Level, openFullHouse, type Seen } from './full-house.ts'
import { say } from './report.ts'

const levels = Number(process.env['FILL_LEVELS'] ?? 50)
/** Most of the time each waits for its server to notice that there is room again. */
const lanes = 3
/** Beyond this a level is as good as an empty disk. */
const mostLeft = 1_000_000

/** Denser where there is less left. One in five has the reserve, whose room takes a while to come back. */
function levelOf(number: number): Level {
  return {
    left: Math.round(mostLeft * (number / levels) ** 2),
    hasReserve: number % 5 === 0,
    isLate: number % 2 === 0,
  }
}

/** On a disk of its own. */
async function lane(first: number) {
  await using house = await openFullHouse()
  const seen: Seen[] = []
  for (let number = first; number < levels; number += lanes)
    seen.push(await house.at(levelOf(number), number))
  return { seen, faults: [...seen.flatMap((one) => one.faults), ...(await house.end())] }
}

it.skipIf(!mayMount())(
  'a disk that is full to fifty levels: whatever is asked works or says so, reading goes on, and nothing is lost',
  async () => {
    const all = await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)))
    const seen = all.flatMap((one) => one.seen)
    const faults = all.flatMap((one) => one.faults)
    const refusals = Map.groupBy(
      seen.flatMap((one) => one.refused),
      (what) => what,
    )
    const told = [...refusals].map(([what, all]) => `${what} ${all.length}`).join(', ')
    say(
      `full disk: ${seen.length} levels (target 50) from 0 to ${mostLeft} bytes left, each with a rule, a fetch, a webhook, ` +
        `a repair and a new bank by a real server; said to be full: ${told}; another answer, reading refused, lost, ` +
        `not healed, failures of integrity_check ${faults.length} (target 0)`,
    )
    expect(faults).toEqual([])
    // Otherwise it was never full.
    expect(refusals.size).toBeGreaterThan(2)
  },
)
