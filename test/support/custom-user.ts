import type { Login } from './rooms.ts'

interface CustomAccount {
  readonly name: string
  readonly mask: string
  readonly balance: number
  readonly subtype?: string
  /** A brokerage account with one position of this worth, rather than a bank account. */
  readonly position?: boolean
}

/** A login whose accounts are these and hold nothing that the test did not put there. */
export function loginWith(...accounts: readonly CustomAccount[]): Login {
  const override_accounts = accounts.map(({ name, mask, balance, subtype, position }) => ({
    ...(position === true
      ? { type: 'investment', subtype: 'brokerage', holdings: [holdingWorth(balance)] }
      : { type: 'depository', subtype: subtype ?? 'checking', starting_balance: balance }),
    meta: { name, mask },
  }))
  const password = JSON.stringify({ version: '2', override_accounts })
  return { username: 'user_custom', password }
}

function holdingWorth(value: number) {
  return {
    institution_price: value,
    institution_price_as_of: '2026-11-02',
    cost_basis: value,
    quantity: 1,
    currency: 'USD',
    security: { ticker_symbol: 'MADEUP', currency: 'USD' },
  }
}
