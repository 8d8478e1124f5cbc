import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { bankDataOf } from '../../src/simulator/login.ts'
import { customUserFile, hasPlaidFiles } from './conformity.ts'
import { bank, openPlaid, type Plaid } from './harness.ts'

const everyday = [Products.Transactions]
const span = { start_date: '2024-03-10', end_date: '2026-03-10' }

/** Each file, and what its accounts have besides a balance. */
const users: readonly [file: string, products: Products[]][] = [
  ['assets_custom_user2', [Products.Transactions, Products.Liabilities]],
  ['auth_canada_custom_user', everyday],
  ['bank_income_basic', everyday],
  ['brokerage_custom_user', [Products.Investments]],
  ['credit_card_custom_user', [Products.Transactions, Products.Liabilities]],
  ['selfEmployedGiguser', everyday],
  ['student_loan_custom_user', [Products.Liabilities]],
  ['transactions_checking+savings_custom_user', everyday],
]

// What the files hold is held in custom-user-files.test.ts; here, that all of it comes over the wire.
describe.skipIf(!hasPlaidFiles)("Plaid's own custom users, through Link (skipped without the files)", () => {
  it.each(users)('%s', async (file, products) => {
    await using plaid = await openPlaid()
    const login = { institutionId: bank, username: 'user_custom', password: customUserFile(file) }
    const fields = { products, transactions: { days_requested: 730 } }
    const { access_token, item_id } = await plaid.connectByLink(fields, login)
    const shown = bankDataOf({ ...login, itemSeed: item_id, today: '2026-03-10' })

    const { holdings, liabilities, accounts } = shown
    // Plaid reaches two years back, whatever the bank has.
    const transactions = shown.transactions.filter(({ date }) => date >= span.start_date)
    const { student, credit } = liabilities
    expect(await overTheWire(plaid, access_token, products)).toEqual({
      accounts,
      transactions,
      holdings,
      student: student ?? [],
      credit: credit ?? [],
    })
  })
})

/** All that the Item has, from the endpoints of its products. */
async function overTheWire({ sdk }: Plaid, access_token: string, products: readonly Products[]) {
  const { data } = await sdk.accountsGet({ access_token })
  return {
    accounts: data.accounts,
    transactions: products.includes(Products.Transactions) ? await transactionsOf() : [],
    holdings: products.includes(Products.Investments) ? await holdingsOf() : [],
    ...(products.includes(Products.Liabilities) ? await liabilitiesOf() : { student: [], credit: [] }),
  }

  async function transactionsOf() {
    const options = { count: 500, include_original_description: true }
    return (await sdk.transactionsGet({ access_token, ...span, options })).data.transactions
  }

  async function holdingsOf() {
    return (await sdk.investmentsHoldingsGet({ access_token })).data.holdings
  }

  async function liabilitiesOf() {
    const { student, credit } = (await sdk.liabilitiesGet({ access_token })).data.liabilities
    return { student: student ?? [], credit: credit ?? [] }
  }
}
