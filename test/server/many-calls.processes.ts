import { expect, it } from 'vitest'
import { connectBank, type Copy, household } from '../support/coffer.ts'
import { runCommand } from '../support/command.ts'

/** How many of so many calls at once went through, and the texts of the others. */
async function atOnce(copies: readonly Copy[], each: number, name: string, args: object) {
  const calls = copies.flatMap((copy) =>
    Array.from({ length: each }, () => copy.client.callTool({ name, arguments: { ...args } })),
  )
  const results = await Promise.all(calls)
  const refused = results
    .filter(({ isError }) => isError === true)
    .map((result) => JSON.stringify(result.content))
  return { done: results.length - refused.length, refused }
}

it('two copies have sixty calls a minute between them that write or ask Plaid; what is stored is free', async () => {
  await using house = await household()
  const copies = await Promise.all([house.start(), house.start()])
  const [one, other] = copies
  const { item_id } = await connectBank(one)
  await one.call('sync_snapshot', { max_age_minutes: 0 })
  const page = await one.call('search_transactions')
  expect(page.next_cursor).toBeDefined()

  const { done, refused } = await atOnce(copies, 40, 'sync_schedule', { item_id, every_minutes: 60 })
  // Connecting, the wait for it, the snapshot and the search, which may have had its rows at hand, were counted too.
  expect(done).toBeLessThanOrEqual(57)
  expect(done).toBeGreaterThanOrEqual(50)
  expect(refused.every((text) => /RATE_LIMITED: .* Ask again in \d+ seconds/.test(text))).toBe(true)

  // A leader that has just begun looks at every login.
  const fetches = () => house.simulator.controls.calls().filter(({ path }) => path !== '/item/get')
  const asked = fetches().length
  expect(await one.failure('sync_snapshot', { max_age_minutes: 0 })).toMatch(/^RATE_LIMITED/)
  expect(await other.failure('connect_bank')).toMatch(/^RATE_LIMITED/)
  expect(await other.failure('list_connections', { refresh: true })).toMatch(/^RATE_LIMITED/)
  // Rows in memory, rows on the disk and what changes nothing are answered, as often as one likes.
  for (let n = 0; n < 70; n += 1) await one.call('search_transactions', { cursor: page.next_cursor })
  await other.call('sync_snapshot', { max_age_minutes: -1 })
  await other.call('sync_snapshot')
  await other.call('sync_schedule')
  await other.call('list_connections')
  expect(fetches()).toHaveLength(asked)
  // Whatever an assistant has used up, its person can end it.
  const ended = await runCommand(['tokens', 'revoke', item_id, '--yes'], house.env)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
})

const minute = 60_000

/** Of Plaid's Sandbox, for one Item. */
const published = {
  '/item/get': 40,
  '/accounts/get': 100,
  '/transactions/get': 80,
  '/investments/holdings/get': 100,
} as const

it('four copies that make a hundred calls each about one bank use at most half of any limit of Plaid', async () => {
  await using house = await household()
  const copies = await Promise.all(Array.from({ length: 4 }, () => house.start()))
  const [one] = copies
  if (one === undefined) throw new Error('no copy was started')
  await connectBank(one)
  const asking = copies.map(async (copy) => {
    for (let call = 0; call < 100; call += 10)
      await Promise.all([
        atOnce([copy], 5, 'sync_snapshot', { max_age_minutes: 0 }),
        atOnce([copy], 5, 'list_connections', { refresh: true }),
      ])
  })
  await Promise.all(asking)
  const calls = house.simulator.controls.calls()
  for (const [path, limit] of Object.entries(published)) {
    const times = calls.filter((call) => call.path === path).map(({ at }) => at)
    const most = Math.max(0, ...times.map((at) => times.filter((t) => t > at - minute && t <= at).length))
    expect([path, most <= limit / 2]).toEqual([path, true])
  }
  expect(calls.filter(({ path }) => path === '/item/get').length).toBeGreaterThan(5)
}, 180_000)

it('a host that is down for one copy is left alone by the other', async () => {
  await using house = await household()
  const copies = await Promise.all([house.start(), house.start()])
  const [one, other] = copies
  await connectBank(one)
  for (const path of ['/item/get', '/link/token/create'])
    house.simulator.controls.failNext(path, { kind: 'html', status: 502 }, { times: 1000 })
  await one.call('list_connections', { refresh: true })
  for (let call = 0; call < 10; call += 1) expect(await one.failure('connect_bank')).toMatch(/^PLAID_DOWN/)
  const asked = house.simulator.controls.calls().length
  expect(await other.failure('connect_bank')).toMatch(/^PLAID_DOWN: .*the next try is in \d+ seconds/)
  expect(house.simulator.controls.calls()).toHaveLength(asked)
})
