import { connectBank, type Copy } from '../support/coffer.ts'

/** One account of a made-up login: each row a day before the newest, its text, and Plaid's amount (positive = out). */
export interface MadeUp {
  readonly type: 'depository' | 'credit' | 'investment' | 'loan'
  readonly subtype: string
  readonly balance?: number
  readonly currency?: string
  readonly rows?: readonly (readonly [daysBefore: number, text: string, amount: number])[]
}

/** Connects a login with exactly these accounts, by the way that Plaid's Sandbox has for it. */
export async function connectMadeUp(
  copy: Copy,
  accounts: readonly MadeUp[],
  institutionId = 'ins_109508',
  args: object = {},
): Promise<string> {
  const password = JSON.stringify({ override_accounts: accounts.map(toOverride) })
  const typing = { institutionId, username: 'user_custom', password }
  return (await connectBank(copy, typing, args)).item_id
}

function toOverride({ type, subtype, balance, currency = 'USD', rows = [] }: MadeUp) {
  const transactions = rows.map(([daysBefore, description, amount]) => {
    const date = new Date(Date.UTC(2026, 5, 30 - daysBefore)).toISOString().slice(0, 10)
    return { date_transacted: date, date_posted: date, amount, description, currency }
  })
  return {
    type,
    subtype,
    currency,
    transactions,
    ...(balance !== undefined && { starting_balance: balance }),
  }
}
