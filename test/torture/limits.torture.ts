import { expect, it } from 'vitest'
import type { Call } from '../../src/simulator/controls.ts'
import { connectBank, type Copy, household } from '../support/coffer.ts'
import { unhurried } from '../support/unhurried.ts'
import { say } from './report.ts'

const copies = 4
const calls = 100
const atOnce = 10
const minute = 60_000

/** Plaid's published limits of the Sandbox: calls a minute for one Item, and for a client in all. */
const limits: Readonly<Record<string, { readonly item?: number; readonly client: number }>> = {
  '/accounts/balance/get': { item: 25, client: 100 },
  '/accounts/get': { item: 100, client: 5_000 },
  '/item/get': { item: 40, client: 5_000 },
  '/transactions/sync': { item: 50, client: 1_000 },
  '/transactions/get': { item: 80, client: 1_000 },
  '/investments/holdings/get': { item: 100, client: 1_000 },
  '/investments/transactions/get': { item: 100, client: 1_000 },
  '/liabilities/get': { item: 10, client: 1_000 },
  '/institutions/get_by_id': { client: 400 },
}

/** What makes every kind of call to Plaid, again and again. */
const asked: readonly (readonly [name: string, args: object])[] = [
  ['sync_snapshot', { max_age_minutes: 0, live_balances: true }],
  ['list_connections', { refresh: true }],
  ['sync_snapshot', { max_age_minutes: 0, days: 90 }],
  ['get_upcoming', {}],
  ['search_transactions', { from: '2026-01-01' }],
]

/** The most within any minute, as a share of what Plaid allows, with the path. */
function mostUsed(all: readonly Call[]): { readonly share: number; readonly path: string } {
  const shares = Object.entries(limits).flatMap(([path, { item, client }]) => {
    const own = all.filter((call) => call.path === path)
    const groups = [...Map.groupBy(own, ({ itemId }) => itemId).values()]
    const ofItems = item === undefined ? [] : groups.map((some) => busiest(some) / item)
    return [...ofItems, busiest(own) / client].map((share) => ({ share, path }))
  })
  return shares.toSorted((one, other) => other.share - one.share)[0] ?? { share: 0, path: 'none' }
}

function busiest(all: readonly Call[]): number {
  const times = all.map(({ at }) => at).toSorted((one, other) => one - other)
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + minute).length))
}

/** So many in all, some at once; how many were answered, and how many with an error. */
async function askAll({ client }: Copy) {
  const waiting = Array.from({ length: calls }, (_, n) => asked[n % asked.length] ?? asked[0]).values()
  let failed = 0
  const askInTurn = async () => {
    for (const one of waiting) {
      if (one === undefined) continue
      const [name, args] = one
      const { isError } = await client.callTool({ name, arguments: { ...args } }, undefined, {
        timeout: 120_000,
      })
      if (isError === true) failed += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, askInTurn))
  return failed
}

it('four processes that ask all they can use at most half of any limit of Plaid', async () => {
  await using house = await household()
  const all = await Promise.all(Array.from({ length: copies }, () => house.start()))
  const [first] = all
  if (first === undefined) throw new TypeError('no copy')
  await connectBank(first)
  // As if nothing of ours counted tool calls: Plaid's limits hold without that.
  const pace = unhurried(house.env.COFFER_HOME ?? '')
  const failed = await Promise.all(all.map(askAll)).finally(() => pace[Symbol.dispose]())
  const seen = house.simulator.controls.calls()
  const refused = seen.filter(({ status }) => status === 429).length
  const { share, path } = mostUsed(seen)
  say(
    `limits of Plaid: ${copies} processes x ${calls} tool calls (target 400), ${failed.reduce((sum, one) => sum + one, 0)} ` +
      `answered with an error, ${seen.length} calls of Plaid; the most of any limit in any minute ` +
      `${(share * 100).toFixed(0)} % (target <= 50), at ${path}; refused by Plaid ${refused} (target 0)`,
  )
  expect(share).toBeLessThanOrEqual(0.5)
  expect(refused).toBe(0)
  // Otherwise nothing was held back.
  expect(share).toBeGreaterThan(0.3)
})
