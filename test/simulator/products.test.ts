import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { brokerage, openPlaid } from './harness.ts'

const bankLink = { products: [Products.Transactions] }
const consenting = {
  ...bankLink,
  additional_consented_products: [Products.Investments, Products.Liabilities],
}

describe('a product that the Item lacks', () => {
  it('is begun, and billed, by the first call when it was consented to', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connectByLink(consenting)
    const billed = async () => (await plaid.sdk.itemGet({ access_token })).data.item.billed_products
    expect(await billed()).toEqual(['transactions'])
    await plaid.sdk.liabilitiesGet({ access_token })
    expect(await billed()).toEqual(['transactions', 'liabilities'])
  })

  it('is not begun where no account has it', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connectByLink(consenting)
    expect(await plaid.codeOf('/investments/holdings/get', { access_token })).toBe('NO_INVESTMENT_ACCOUNTS')
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item.billed_products).toEqual(['transactions'])
  })

  it('is refused by name without consent', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connectByLink(bankLink)
    const { body } = await plaid.call('/liabilities/get', { access_token })
    expect(body.error_code).toBe('ADDITIONAL_CONSENT_REQUIRED')
    expect(body.error_message).toContain('PRODUCT_LIABILITIES')
  })
})

describe('a login without fitting accounts', () => {
  it.each([
    ['transactions at a brokerage', [Products.Transactions], brokerage, 'PRODUCTS_NOT_SUPPORTED'],
    ['investments at a bank', [Products.Investments], 'ins_109508', 'NO_INVESTMENT_ACCOUNTS'],
    ['liabilities at a brokerage', [Products.Liabilities], brokerage, 'NO_LIABILITY_ACCOUNTS'],
  ])('is refused: %s', async (_, initial_products, institution_id, code) => {
    await using plaid = await openPlaid()
    expect(await plaid.codeOf('/sandbox/public_token/create', { institution_id, initial_products })).toBe(
      code,
    )
  })
})
