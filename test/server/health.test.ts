import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

let house: Household
let copy: Copy
let bankId: string
let bankAccounts: string[]
let checking: string

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  const bank = await connectBank(copy, { institutionId: 'ins_109508' })
  bankId = bank.item_id
  bankAccounts = bank.accounts.map((one) => one.account_id)
  checking = bank.accounts.find(({ subtype }) => subtype === 'checking')?.account_id ?? ''
  await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
  await copy.call('sync_snapshot', { max_age_minutes: 0 })
})
afterAll(() => house[Symbol.asyncDispose]())

type Health = Results['account_health']['accounts'][number]

async function healthOf(account: string): Promise<Health> {
  const { accounts } = await copy.call('account_health', { account_id: account })
  const [one] = accounts
  if (one === undefined || accounts.length !== 1) throw new Error('not one account')
  return one
}

describe('account_health', () => {
  it('has every account, the worst first, and says what to do about what is not known', async () => {
    const { accounts, total } = await copy.call('account_health', { limit: 100 })
    expect(accounts).toHaveLength(total)
    expect(bankAccounts.every((id) => accounts.some((one) => one.account_id === id))).toBe(true)
    const scores = accounts.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => a - b))
    expect(accounts.find((one) => one.account_id === checking)).toMatchObject({
      institution: 'First Platypus Bank',
      score: 93,
      parts: { connection: 100, freshness: 100, sync: 100, reconciliation: 50 },
      recommendations: [expect.stringContaining(`reconcile_account with account_id=${checking}`)],
    })
  })

  it('is better after a reconciliation that adds up, and worse after one that does not', async () => {
    const from = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10)
    const reconcile = (opening: number) =>
      copy.call('reconcile_account', { account_id: checking, from, opening_balance: opening })
    const { discrepancy } = await reconcile(0)
    expect(await healthOf(checking)).toMatchObject({
      score: 85,
      parts: { reconciliation: 0 },
      recommendations: [expect.stringMatching(/does not add up by -?\$[\d,.]+: call reconcile_account/)],
    })
    await reconcile(discrepancy)
    expect(await healthOf(checking)).toMatchObject({ score: 100, recommendations: [] })
  })

  it('of a broken login names the repair, and that of the others stays', async () => {
    house.simulator.controls.resetLogin(bankId)
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const broken = await healthOf(checking)
    expect(broken.parts).toMatchObject({ connection: 0 })
    expect(broken.parts.sync).toBeLessThan(100)
    expect(broken.recommendations[0]).toMatch(/start_reauth with item_id=/)
    expect(broken.recommendations.every((line) => !line.includes('\n'))).toBe(true)
    const { accounts } = await copy.call('account_health', { limit: 100 })
    const others = accounts.filter((one) => !bankAccounts.includes(one.account_id))
    expect(others.length).toBeGreaterThan(0)
    expect(others.every(({ parts }) => parts.connection === 100)).toBe(true)
  })

  it('comes in pages, and refuses an account that is not there', async () => {
    const first = await copy.call('account_health', { limit: 1 })
    const second = await copy.call('account_health', { limit: 1, cursor: first.next_cursor })
    expect(first.accounts[0]?.account_id).not.toBe(second.accounts[0]?.account_id)
    expect(await copy.failure('account_health', { account_id: 'nobody' })).toMatch(/^UNKNOWN_ACCOUNT: /)
  })
})
