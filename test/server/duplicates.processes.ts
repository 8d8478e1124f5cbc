import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

const login = { institutionId: 'ins_109508', username: 'user_good', password: 'pass_good' }

function exchanges({ simulator }: Household): number {
  return simulator.controls.calls().filter(({ path }) => path === '/item/public_token/exchange').length
}

/** The same login at the same bank a second time. */
async function again(copy: Copy): Promise<{ linkId: string; result: Results['check_connection'] }> {
  const { link_id: linkId, url } = await copy.call('connect_bank')
  await clickLink(url, 'success', login)
  return { linkId, result: await copy.call('check_connection', { link_id: linkId, wait_seconds: 15 }) }
}

describe.concurrent('a login that is connected already', () => {
  it('is recognised before anything is exchanged', async () => {
    await using house = await household()
    const copy = await house.start()
    const first = await connectBank(copy)
    const { result } = await again(copy)
    expect(result).toMatchObject({ outcome: 'duplicate', duplicate_of: first.item_id })
    expect(result.next_step).toMatchObject({ tool: 'check_connection', arguments: { keep: true } })
    expect(exchanges(house)).toBe(1)
    expect((await copy.call('list_connections')).total).toBe(1)
  })

  it('is connected all the same when the person says so, and its accounts count once', async () => {
    await using house = await household()
    const copy = await house.start()
    const first = await connectBank(copy)
    const before = await copy.call('sync_snapshot')
    const { linkId } = await again(copy)
    const kept = await copy.call('check_connection', { link_id: linkId, keep: true, wait_seconds: 15 })
    expect(kept.outcome).toBe('connected')
    const second = kept.connection
    expect(second?.item_id).not.toBe(first.item_id)

    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after.connections).toHaveLength(2)
    expect(after.totals).toEqual(before.totals)
    const { connections } = await copy.call('list_connections')
    const twins = connections.find(({ item_id }) => item_id === second?.item_id)?.accounts ?? []
    expect(twins.map((account) => account.same_as)).toEqual(
      first.accounts.map(({ account_id }) => account_id),
    )
  })

  it('is connected when the person said so before it was known to be one', async () => {
    await using house = await household()
    const copy = await house.start()
    const first = await connectBank(copy)
    const { link_id: linkId, url } = await copy.call('connect_bank')
    expect(await copy.call('check_connection', { link_id: linkId, keep: true })).toMatchObject({
      outcome: 'pending',
    })
    // The older one is looked at too.
    house.simulator.controls.resetLogin(first.item_id)
    await clickLink(url, 'success', login)
    const kept = await copy.call('check_connection', { link_id: linkId, wait_seconds: 15 })
    expect(kept.outcome).toBe('connected')
    expect(kept.next_step?.text).toMatch(new RegExp(`older login of .*${first.item_id}`))
    expect((await copy.call('list_connections')).total).toBe(2)
  })

  it('counts through the newer login when the older one breaks', async () => {
    await using house = await household()
    const copy = await house.start()
    const first = await connectBank(copy)
    const { linkId } = await again(copy)
    await copy.call('check_connection', { link_id: linkId, keep: true, wait_seconds: 15 })
    house.simulator.controls.resetLogin(first.item_id)
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const { connections } = await copy.call('list_connections')
    const marked = connections.filter(({ accounts }) =>
      accounts.every(({ same_as }) => same_as !== undefined),
    )
    expect(marked.map(({ item_id }) => item_id)).toEqual([first.item_id])
  })

  it('that is kept where the bank ends the older one is said with the older one', async () => {
    await using house = await household()
    const copy = await house.start()
    const first = await connectBank(copy)
    const { linkId } = await again(copy)
    house.simulator.controls.resetLogin(first.item_id)
    const kept = await copy.call('check_connection', { link_id: linkId, keep: true, wait_seconds: 15 })
    expect(kept.outcome).toBe('connected')
    expect(kept.next_step?.text).toMatch(new RegExp(`older login of .*${first.item_id}.* needs a new login`))
    const { connections } = await copy.call('list_connections', { status: 'needs_reauth' })
    expect(connections).toMatchObject([
      { item_id: first.item_id, next_step: { tool: 'start_reauth', arguments: { item_id: first.item_id } } },
    ])
  })

  it('is not kept where nothing may be changed, and the command is named', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    const { linkId } = await again(copy)
    const reader = await house.start({ COFFER_READ_ONLY: '1' })
    expect(await reader.failure('check_connection', { link_id: linkId, keep: true })).toMatch(
      /^READ_ONLY: .*coffer-mcp connect --keep/s,
    )
    const { link_id: open } = await copy.call('connect_bank')
    expect(await reader.failure('check_connection', { link_id: open, keep: true })).toMatch(/^READ_ONLY: /)
    const told = await reader.call('check_connection', { link_id: linkId })
    expect(told.next_step).toEqual({ text: expect.stringContaining('coffer-mcp connect --keep') })
    expect(exchanges(house)).toBe(1)
  })

  it('at another bank is no duplicate', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    const other = await connectBank(copy, { institutionId: 'ins_109511' })
    expect(other.institution).not.toBe('First Platypus Bank')
    expect(other.accounts.filter(({ same_as }) => same_as !== undefined)).toEqual([])
  })
})

describe.concurrent('a bank that replaces a dead connection', () => {
  it('carries its name and person over, and takes its place', async () => {
    await using house = await household()
    const copy = await house.start()
    const old = await connectBank(copy, {}, { label: 'Joint account', person: 'Ada' })
    const before = await copy.call('sync_snapshot')
    house.simulator.controls.breakItem(old.item_id, 'ITEM_NOT_FOUND')
    const dead = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(dead.connections).toMatchObject([
      { status: 'expired', next_step: { tool: 'connect_bank', arguments: { replaces: old.item_id } } },
    ])
    const next = await connectBank(copy, {}, dead.connections[0]?.next_step?.arguments)
    expect(next).toMatchObject({ label: 'Joint account', person: 'Ada' })
    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after.connections.map(({ item_id }) => item_id)).toEqual([next.item_id])
    expect(after).toMatchObject({ complete: true, totals: before.totals })
  })

  it('stands for one that Plaid only refused: that one is listed, needs nothing and is not missed', async () => {
    await using house = await household()
    const copy = await house.start()
    const old = await connectBank(copy)
    const before = await copy.call('sync_snapshot')
    house.simulator.controls.failNext(
      '/item/get',
      { kind: 'error', code: 'INVALID_ACCESS_TOKEN' },
      { itemId: old.item_id },
    )
    await copy.call('list_connections', { refresh: true })
    const next = await connectBank(copy, {}, { replaces: old.item_id })
    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after.connections.map(({ item_id }) => item_id)).toEqual([next.item_id])
    expect(after).toMatchObject({ complete: true, totals: before.totals, warnings: [] })
    const listed = await copy.call('list_connections')
    expect(listed).toMatchObject({ total: 2, needs_attention: 0 })
    const [kept] = listed.connections
    expect(kept).toMatchObject({ item_id: old.item_id, status: 'expired' })
    expect(kept?.next_step).toEqual({ text: expect.stringContaining(next.item_id) })
  })

  it('is refused for one that works, or that nobody knows', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    expect(await copy.failure('connect_bank', { replaces: itemId })).toMatch(
      /^INVALID_ARGUMENTS: .*start_reauth/s,
    )
    expect(await copy.failure('connect_bank', { replaces: 'nobody-knows' })).toMatch(
      /^UNKNOWN_CONNECTION: .*list_connections/s,
    )
  })
})
