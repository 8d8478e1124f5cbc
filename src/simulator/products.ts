import { accountsOf } from './bank.ts'
import { plaidFailure } from './failure.ts'
import { institutionOf } from './institutions.ts'
import { invalidField } from './request.ts'
import type { ItemState } from './state.ts'
import type { World } from './world.ts'

/** Products with data of their own; balances need none. */
export type DataProduct = 'transactions' | 'investments' | 'liabilities'

const accountTypes: Record<DataProduct, readonly string[]> = {
  transactions: ['depository', 'credit', 'loan'],
  investments: ['investment', 'brokerage'],
  liabilities: ['credit', 'loan'],
}

const noAccounts = {
  transactions: 'PRODUCTS_NOT_SUPPORTED',
  investments: 'NO_INVESTMENT_ACCOUNTS',
  liabilities: 'NO_LIABILITY_ACCOUNTS',
} as const

/** Plaid's words for products. */
export const plaidProducts = [
  'assets auth balance balance_plus beacon identity identity_match investments investments_auth liabilities',
  'payment_initiation identity_verification transactions credit_details income income_verification',
  'standing_orders transfer employment recurring_transactions transactions_refresh signal statements',
  'processor_payments processor_identity profile cra_base_report cra_income_insights cra_partner_insights',
  'cra_network_insights cra_cashflow_insights cra_monitoring cra_lend_score cra_plaid_credit_score layer',
  'pay_by_bank protect_linked_bank protect_transactions',
].flatMap((line) => line.split(' '))

/** What this team has been given access to. */
const enabled = ['assets', 'auth', 'identity', 'investments', 'liabilities', 'transactions']

/** Refuses products that no Link can ask for. */
export function checkProducts(products: readonly string[]): void {
  // Balances come with every Item and are never asked for.
  if (products.includes('balance')) throw invalidField('products', 'balance cannot be requested')
  const refused = products.filter((product) => !enabled.includes(product))
  if (refused.length === 0) return
  const message = `client is not authorized to access the following products: ${JSON.stringify(refused)}`
  throw plaidFailure('INVALID_PRODUCT', { message })
}

export function isDataProduct(product: string): product is DataProduct {
  return product in accountTypes
}

/** Lets a call through to a product, which begins (and bills) a product that was consented but never used. */
export function useProduct(world: World, item: ItemState, product: DataProduct): void {
  if (!hasAccountsFor(world, item, product)) throw plaidFailure(noAccounts[product])
  if (item.products[product] !== undefined) return
  if (institutionOf(item.institutionId)?.products.includes(product) !== true) {
    throw plaidFailure('PRODUCTS_NOT_SUPPORTED')
  }
  if (!item.consented.includes(product)) {
    const message = `client does not have user consent to access the PRODUCT_${product.toUpperCase()} product`
    throw plaidFailure('ADDITIONAL_CONSENT_REQUIRED', { message })
  }
  item.products[product] = world.now()
}

/** Refuses a login that has no account for a product which the Link asks for. */
export function checkAccounts(accounts: readonly { type: string }[], products: readonly string[]): void {
  for (const product of products.filter(isDataProduct)) {
    if (!accounts.some(({ type }) => accountTypes[product].includes(type))) {
      throw plaidFailure(noAccounts[product])
    }
  }
}

function hasAccountsFor(world: World, item: ItemState, product: DataProduct): boolean {
  return accountsOf(world, item).some(({ type }) => accountTypes[product].includes(type))
}
