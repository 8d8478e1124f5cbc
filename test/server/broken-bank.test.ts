import { describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'

type Code = Parameters<Household['simulator']['controls']['breakItem']>[1]

async function twoBanks(copy: Copy): Promise<[string, string]> {
  const one = await connectBank(copy, { institutionId: 'ins_109508' })
  const other = await connectBank(copy, { institutionId: 'ins_109511' })
  return [one.item_id, other.item_id]
}

interface Broken {
  code: Code
  status: string
  needsOwner: boolean
  /** The tool that the next step names. */
  tool?: string
  says: RegExp
}

const cases: Broken[] = [
  {
    code: 'ITEM_LOGIN_REQUIRED',
    status: 'needs_reauth',
    needsOwner: true,
    tool: 'start_reauth',
    says: /new login/,
  },
  {
    code: 'INVALID_CREDENTIALS',
    status: 'needs_reauth',
    needsOwner: true,
    tool: 'start_reauth',
    says: /new login/,
  },
  { code: 'ITEM_LOCKED', status: 'bank_issue', needsOwner: false, says: /Unlock it on the bank's own site/ },
  { code: 'PASSWORD_RESET_REQUIRED', status: 'bank_issue', needsOwner: false, says: /new password/ },
  { code: 'INSTITUTION_DOWN', status: 'bank_issue', needsOwner: false, says: /Wait/ },
  { code: 'ITEM_NOT_SUPPORTED', status: 'expired', needsOwner: false, tool: 'connect_bank', says: /over/ },
]

describe.concurrent('one bank is broken', () => {
  it.for(cases)('by $code: it is $status and named, the other is live', async (broken) => {
    await using house = await household()
    const copy = await house.start()
    const [whole, bad] = await twoBanks(copy)
    const before = await copy.call('sync_snapshot')
    expect(before.complete).toBe(true)
    house.simulator.controls.breakItem(bad, broken.code)

    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after.complete).toBe(false)
    expect(after.totals).toEqual(before.totals)
    const [good, ill] = [whole, bad].map((id) => after.connections.find((source) => source.item_id === id))
    expect(good).toMatchObject({ status: 'active', source: 'live' })
    expect(good).not.toHaveProperty('next_step')
    expect(ill).toMatchObject({ status: broken.status, source: 'cached' })
    expect(ill?.next_step?.text).toMatch(broken.says)
    expect(ill?.next_step?.tool).toBe(broken.tool)
    expect(Object.values(ill?.next_step?.arguments ?? {})).toEqual(broken.tool === undefined ? [] : [bad])
    expect(ill?.error?.text).toBeTruthy()
    expect(after.changes).toMatchObject([{ item_id: bad }])

    const listed = await copy.call('list_connections', { status: ill?.status })
    expect(listed.connections).toMatchObject([
      { item_id: bad, needs_reauth: broken.needsOwner, reauth_reason: broken.code },
    ])
    expect(listed.total).toBe(2)
  })

  it('by one kind of data alone: the rest of it and the other bank are fresh', async () => {
    await using house = await household()
    const copy = await house.start()
    const [whole, bad] = await twoBanks(copy)
    house.simulator.controls.failNext(
      '/transactions/get',
      { kind: 'error', code: 'INSTITUTION_NOT_RESPONDING' },
      { times: 3, itemId: bad },
    )
    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const sources = new Map(after.connections.map((source) => [source.item_id, source]))
    expect(sources.get(whole)).toMatchObject({ status: 'active', source: 'live' })
    expect(sources.get(bad)).toMatchObject({ status: 'bank_issue', error: { code: 'BANK_DOWN' } })
    expect(after.complete).toBe(false)
  })
})

describe.concurrent('permission taken back', () => {
  it('the bank is revoked, and no figure of it is counted any more', async () => {
    await using house = await household()
    const copy = await house.start()
    const [whole, gone] = await twoBanks(copy)
    const both = await copy.call('sync_snapshot')
    house.simulator.controls.revoke(gone)
    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const alone = await copy.call('sync_snapshot')
    expect(after.changes.map(({ item_id }) => item_id)).toEqual([gone])
    const sources = new Map(alone.connections.map((source) => [source.item_id, source]))
    expect(sources.get(whole)).toMatchObject({ source: 'cached' })
    expect(sources.get(gone)).toMatchObject({ source: 'missing', next_step: { tool: 'connect_bank' } })
    expect(alone.complete).toBe(true)
    expect(alone.totals[0]?.bank_balance).toBeLessThan(both.totals[0]?.bank_balance ?? 0)
    const { connections } = await copy.call('list_connections', { status: 'revoked' })
    expect(connections).toMatchObject([{ item_id: gone, accounts: [], next_step: { tool: 'connect_bank' } }])
  })
})
