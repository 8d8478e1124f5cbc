import { AccountType, Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { brokerage, minute, openPlaid } from '../harness.ts'

const investments = [Products.Investments]
const span = { start_date: '2020-01-01', end_date: '2026-12-31' }

describe('holdings', () => {
  it('come with their accounts and securities, and no others', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect(investments, { institution: brokerage })
    const { data } = await plaid.sdk.investmentsHoldingsGet({ access_token })
    expect(data.accounts.every(({ type }) => type === AccountType.Investment)).toBe(true)
    expect(data.accounts[0]?.balances).toHaveProperty('margin_loan_amount', null)
    const held = new Set(data.holdings.map(({ security_id }) => security_id))
    expect(new Set(data.securities.map(({ security_id }) => security_id))).toEqual(held)
  })

  it('keep to the accounts asked for', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect(investments, { institution: brokerage })
    const { data: all } = await plaid.sdk.investmentsHoldingsGet({ access_token })
    const account_ids = [all.accounts[0]?.account_id ?? '']
    const { data } = await plaid.sdk.investmentsHoldingsGet({ access_token, options: { account_ids } })
    expect(new Set(data.holdings.map(({ account_id }) => account_id))).toEqual(new Set(account_ids))
  })
})

describe('investment transactions', () => {
  it('are given at once, unless they may come later', async () => {
    await using plaid = await openPlaid({ readyAfterMs: minute })
    const { access_token } = await plaid.connect(investments, { institution: brokerage })
    const later = { access_token, ...span, options: { async_update: true } }
    expect(await plaid.codeOf('/investments/transactions/get', { access_token, ...span })).toBe('OK')
    expect(await plaid.codeOf('/investments/transactions/get', later)).toBe('PRODUCT_NOT_READY')
    plaid.controls.advance(minute)
    expect(await plaid.codeOf('/investments/transactions/get', later)).toBe('OK')
  })

  it('come newest first, in pages, two years deep', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect(investments, { institution: brokerage })
    const pageAt = async (offset: number) => {
      const options = { count: 10, offset }
      const { data } = await plaid.sdk.investmentsTransactionsGet({ access_token, ...span, options })
      return data
    }
    const first = await pageAt(0)
    const last = await pageAt(first.total_investment_transactions - 1)
    expect(first.investment_transactions).toHaveLength(10)
    expect(last.investment_transactions).toHaveLength(1)
    const [newest, oldest] = [first, last].map((page) => page.investment_transactions[0]?.date ?? '')
    expect((newest ?? '') > (oldest ?? '')).toBe(true)
    expect((oldest ?? '') >= '2024-03-10').toBe(true)
  })
})
