import { expect, it } from 'vitest'
import { chanceOf, seedOfRun } from './chance.ts'
import { type Seen, removalLane, type Work } from './removal-lane.ts'
import { say } from './report.ts'

/** A hundred of each with CRASH_POINTS=100: each one is a process and a database of its own. */
const points = Number(process.env['CRASH_POINTS'] ?? 50)
const works: readonly Work[] = ['removal', 'clean-up']

it('a kill -9 in a removal or a clean-up: each connection is whole, or ended by the next leader', async () => {
  const seed = seedOfRun()
  const lanes = await Promise.all(
    works.map((work, stream) => removalLane(work, points, chanceOf(seed, stream))),
  )
  const faults = lanes.flat().flatMap((one) => one.faults)
  for (const [at, seen] of lanes.entries()) say(lineOf(works[at] ?? 'removal', seen, seed))
  expect(faults).toEqual([])
  // Otherwise the kills fell somewhere else.
  for (const seen of lanes) expect(seen.filter(isBetween).length).toBeGreaterThan(0)
}, 1_200_000)

const isBetween = ({ removing }: Seen) => removing > 0

function lineOf(work: Work, seen: readonly Seen[], seed: number): string {
  const sum = (of: (one: Seen) => number) => seen.reduce((total, one) => total + of(one), 0)
  return (
    `kill -9 in a ${work} of three of five connections, seed ${seed}: ${seen.length} points (target 100 with CRASH_POINTS=100), ` +
    `${seen.filter(isBetween).length} of them with some on their way; connections gone ${sum((one) => one.gone)}, ` +
    `on their way ${sum((one) => one.removing)}, untouched ${sum((one) => one.untouched)}; tokens lost before Plaid confirmed, ` +
    `halves, missing tombstones, traces, failures of integrity_check ${sum((one) => one.faults.length)} (target 0)`
  )
}
