import type { AccountType } from '../model.ts'

/**
 * What a row counts as. A kind in a daily sum tells the sign too: income, interest, dividend and refund are
 * money in; expense, fee and loan_payment money out; the sums of the others may be either.
 */
export const kinds = [
  'income',
  'interest',
  'dividend',
  'refund',
  'expense',
  'fee',
  'loan_payment',
  // Left out of the flow, both sides
  'transfer',
  'contribution',
  'card_payment',
  // In the flow by its sign, and listed apart
  'unmatched_transfer',
  // Not in the flow yet
  'pending',
  // Left out because the owner said so
  'ignored',
] as const
export type Kind = (typeof kinds)[number]

/** Why a row is in no income and no expense. */
export const exclusions = ['transfer', 'card_payment', 'pending', 'ignored'] as const
export type Exclusion = (typeof exclusions)[number]

/** Null for what is income or expense. */
export function exclusionOf(kind: Kind): Exclusion | null {
  if (kind === 'contribution') return 'transfer'
  return exclusions.find((exclusion) => exclusion === kind) ?? null
}

/**
 * What one row looks like on its own, by Plaid's category and the bank's text. `plain` says nothing.
 * A `purchase`, and what Plaid surely calls income or a fee, is never one side of a pair.
 */
export const looks = [
  'plain',
  'transfer',
  'card_payment',
  'loan_payment',
  'income',
  'interest',
  'dividend',
  'purchase',
  'fee',
] as const
export type Look = (typeof looks)[number]

export function isKind(word: string): word is Kind {
  return kinds.some((kind) => kind === word)
}

export function isLook(word: string): word is Look {
  return looks.some((look) => look === word)
}

type BySign = { readonly in: Kind; readonly out: Kind }

const onBankAccount: Record<Look, BySign> = {
  plain: { in: 'income', out: 'expense' },
  transfer: { in: 'unmatched_transfer', out: 'unmatched_transfer' },
  // The card is not connected, so its purchases are not seen and the payment stands for them.
  card_payment: { in: 'refund', out: 'expense' },
  loan_payment: { in: 'refund', out: 'loan_payment' },
  income: { in: 'income', out: 'expense' },
  interest: { in: 'interest', out: 'expense' },
  dividend: { in: 'dividend', out: 'expense' },
  purchase: { in: 'refund', out: 'expense' },
  fee: { in: 'refund', out: 'fee' },
}

// A credit on a card is a refund, whatever it is called, unless it pays the card. A payment that comes from
// an account we do not see is still no income: docs/decisions/card-payment-from-elsewhere.md.
const onCard: Record<Look, BySign> = {
  plain: { in: 'refund', out: 'expense' },
  transfer: { in: 'card_payment', out: 'unmatched_transfer' },
  card_payment: { in: 'card_payment', out: 'card_payment' },
  loan_payment: { in: 'card_payment', out: 'loan_payment' },
  income: { in: 'refund', out: 'expense' },
  interest: { in: 'refund', out: 'expense' },
  dividend: { in: 'refund', out: 'expense' },
  purchase: { in: 'refund', out: 'expense' },
  fee: { in: 'refund', out: 'fee' },
}

/** What a posted row without a partner counts as. */
export function kindAlone(look: Look, accountType: AccountType, amount: number): Kind {
  const table = accountType === 'credit' ? onCard : onBankAccount
  return table[look][amount > 0 ? 'in' : 'out']
}
