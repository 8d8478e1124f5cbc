import { markOf, payloads } from './payloads.ts'

const everyPayload = payloads.map((_, payload) => payload)
const day = '2026-06-30'
/** As many as Plaid takes of a custom user. */
export const accountsOfLogin = 10

/** The password of a custom user who has a payload of this encoding in every text. */
export function hostileLogin(kind: 'bank' | 'brokerage', encoding: number): string {
  const accounts = Array.from({ length: accountsOfLogin }, (_, at) => bankAccount(at, encoding))
  return JSON.stringify({ override_accounts: kind === 'bank' ? accounts : [brokerage(encoding)] })
}

/** Between them, the accounts have a purchase of every payload. */
function bankAccount(at: number, encoding: number) {
  const name = markOf('account', at, encoding)
  const isCard = at % 4 === 3
  return {
    type: isCard ? 'credit' : 'depository',
    subtype: isCard ? 'credit card' : 'checking',
    starting_balance: 100 + at,
    // Whatever the names become when they are cleaned, these are different accounts.
    meta: { name, official_name: name, mask: String(1_000 + encoding * 10 + at) },
    transactions: everyPayload
      .filter((payload) => payload % accountsOfLogin === at)
      .map((payload) => ({
        date_transacted: day,
        date_posted: day,
        amount: 1 + payload,
        description: markOf('transaction', payload, encoding),
        currency: 'USD',
      })),
  }
}

function brokerage(encoding: number) {
  const securities = everyPayload.map((payload) => ({
    ticker_symbol: markOf('ticker', payload, encoding),
    name: markOf('security', payload, encoding),
    currency: 'USD',
  }))
  return {
    type: 'investment',
    subtype: 'brokerage',
    meta: { name: `Brokerage ${encoding}`, mask: String(9_000 + encoding) },
    holdings: securities.map((security, n) => ({
      institution_price: 10 + n,
      institution_price_as_of: day,
      cost_basis: 5,
      quantity: 1,
      currency: 'USD',
      security,
    })),
    investment_transactions: securities.map((security, n) => ({
      date: day,
      name: markOf('transaction', n, encoding),
      quantity: 1,
      price: 10,
      type: 'buy',
      currency: 'USD',
      security,
    })),
  }
}
