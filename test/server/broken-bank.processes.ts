import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

type Code = Parameters<Household['simulator']['controls']['breakItem']>[1]

async function twoBanks(copy: Copy): Promise<[string, string]> {
  const one = await connectBank(copy, { institutionId: 'ins_109508' })
  const other = await connectBank(copy, { institutionId: 'ins_109511' })
  return [one.item_id, other.item_id]
}

interface Broken {
  institutionId: string
  code: Code
  status: string
  needsOwner: boolean
  /** The tool that the next step names. */
  tool?: string
  says: RegExp
}

const cases: Broken[] = [
  {
    institutionId: 'ins_109509',
    code: 'ITEM_LOGIN_REQUIRED',
    status: 'needs_reauth',
    needsOwner: true,
    tool: 'start_reauth',
    says: /new login/,
  },
  {
    institutionId: 'ins_109510',
    code: 'INVALID_CREDENTIALS',
    status: 'needs_reauth',
    needsOwner: true,
    tool: 'start_reauth',
    says: /new login/,
  },
  {
    institutionId: 'ins_109511',
    code: 'ITEM_LOCKED',
    status: 'bank_issue',
    needsOwner: false,
    says: /Unlock it on the bank's own site/,
  },
  {
    institutionId: 'ins_130016',
    code: 'PASSWORD_RESET_REQUIRED',
    status: 'bank_issue',
    needsOwner: false,
    says: /new password/,
  },
  {
    institutionId: 'ins_127287',
    code: 'INSTITUTION_DOWN',
    status: 'bank_issue',
    needsOwner: false,
    says: /Wait/,
  },
  {
    institutionId: 'ins_56',
    code: 'ITEM_NOT_SUPPORTED',
    status: 'expired',
    needsOwner: false,
    tool: 'connect_bank',
    says: /over/,
  },
]

describe('several banks are broken at once, each in its own way', () => {
  let house: Household
  let copy: Copy
  let before: Results['sync_snapshot']
  let after: Results['sync_snapshot']
  let whole: string
  const itemIds = new Map<Code, string>()

  beforeAll(async () => {
    house = await household()
    copy = await house.start()
    const connect = async (institutionId: string) => (await connectBank(copy, { institutionId })).item_id
    const all = await Promise.all(['ins_109508', ...cases.map((one) => one.institutionId)].map(connect))
    whole = all[0] ?? ''
    before = await copy.call('sync_snapshot')
    for (const [at, { code }] of cases.entries()) {
      itemIds.set(code, all[at + 1] ?? '')
      house.simulator.controls.breakItem(all[at + 1] ?? '', code)
    }
    after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
  })
  afterAll(() => house[Symbol.asyncDispose]())

  it('the one that works is live, and no figure is lost', () => {
    expect(before.complete).toBe(true)
    expect(after).toMatchObject({ complete: false, totals: before.totals })
    const good = after.connections.find((source) => source.item_id === whole)
    expect(good).toMatchObject({ status: 'active', source: 'live' })
    expect(good).not.toHaveProperty('next_step')
    expect(new Set(after.changes.map(({ item_id }) => item_id))).toEqual(new Set(itemIds.values()))
  })

  it.each(cases)('$code: $status, with the next step', async ({ code, status, needsOwner, tool, says }) => {
    const itemId = itemIds.get(code) ?? ''
    const ill = after.connections.find((source) => source.item_id === itemId)
    expect(ill).toMatchObject({ status, source: 'cached' })
    expect(ill?.error?.text).toBeTruthy()
    expect(ill?.next_step?.text).toMatch(says)
    expect(ill?.next_step?.tool).toBe(tool)
    expect(Object.values(ill?.next_step?.arguments ?? {})).toEqual(tool === undefined ? [] : [itemId])
    const { connections } = await copy.call('list_connections', { status: ill?.status })
    expect(connections.find((connection) => connection.item_id === itemId)).toMatchObject({
      needs_reauth: needsOwner,
      reauth_reason: code,
      next_step: ill?.next_step,
    })
  })
})

describe.concurrent('one bank is broken', () => {
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
