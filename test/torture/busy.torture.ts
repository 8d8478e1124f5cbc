import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { connection } from '../store/rows.ts'
import { connectBank, household } from '../support/coffer.ts'
import type { Report } from './children/write-much.ts'
import { contentsOf } from './contents.ts'
import { say } from './report.ts'

const copies = 4
const writes = 500
/** More are refused in a minute. */
const callsOfTools = 10

/** How many times longer everything takes because others want to run too. */
function crowd(): number {
  return Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length * share)] ?? 0
}

async function writer(home: string, name: string) {
  const child = fork(join(import.meta.dirname, 'children/write-much.ts'), [home, String(writes), name])
  await once(child, 'message')
  return async (): Promise<Report> => {
    const told = once(child, 'message')
    child.send('go')
    const [report] = await told
    return report
  }
}

it('four processes that write at once: none hears that the database is busy, and nothing is lost', async () => {
  const home = mkdtempSync(join(tmpdir(), 'coffer-busy-'))
  try {
    const store = await openStore({ home })
    await store.connections.insert(connection({ label: '0' }), 'sealed')
    const writers = await Promise.all(Array.from({ length: copies }, (_, n) => writer(home, `copy-${n}`)))
    const reports = await Promise.all(writers.map((go) => go()))
    const label = (await store.connections.find('item-1'))?.label
    await store.close()
    const counted = reports.reduce((sum, one) => sum + one.counted, 0)
    const refused = reports.flatMap((one) => one.refused)
    const times = reports.flatMap((one) => one.tookMs)
    const p99 = percentile(times, 0.99)
    say(
      `writes: ${copies} processes x ${writes} (target 2000 writes in ${times.length}) of 14 kinds; ` +
        `refused ${refused.length}, of them BUSY ${refused.filter((code) => code === 'DATABASE_BUSY').length} (target 0); ` +
        `lost of ${counted} counted up ${counted - Number(label)} (target 0); ` +
        `median ${percentile(times, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(0)} ms (target <= 300), max ${Math.max(...times).toFixed(0)} ms`,
    )
    expect({ refused, label }).toEqual({ refused: [], label: String(counted) })
    expect(contentsOf(home).integrity).toBe('ok')
    expect(p99).toBeLessThanOrEqual(300 * crowd())
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

it('four copies whose tools write at once: every call is answered, and all of it is there', async () => {
  await using house = await household()
  const all = await Promise.all(Array.from({ length: copies }, () => house.start()))
  const [first] = all
  if (first === undefined) throw new TypeError('no copy')
  const { item_id: itemId } = await connectBank(first)
  // The first call of each opens everything.
  for (const copy of all) await copy.call('list_connections')
  const times: number[] = []
  const failures: string[] = []
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now()
    await work().catch((error: unknown) => failures.push(String(error)))
    times.push(performance.now() - start)
  }
  const calls = all.map(async (copy, n) => {
    for (let number = 0; number < callsOfTools; number += 1) {
      await timed(() =>
        number % 2 === 0
          ? copy.call('set_rule', { match: `shop ${n} ${number}`, kind: 'ignore' })
          : copy.call('sync_schedule', { item_id: itemId, every_minutes: 60 + number }),
      )
    }
  })
  await Promise.all(calls)
  const { rules } = await first.call('set_rule', { match: 'the last one', kind: 'ignore' })
  const wanted = copies * Math.ceil(callsOfTools / 2) + 1
  say(
    `writes by tools: ${copies} copies x ${callsOfTools} calls of set_rule and sync_schedule, as many as a minute takes; ` +
      `failed ${failures.length} (target 0), rules lost ${wanted - rules.length} (target 0); ` +
      `p99 ${percentile(times, 0.99).toFixed(0)} ms (target <= 300)`,
  )
  expect(failures).toEqual([])
  expect(rules).toHaveLength(wanted)
})
