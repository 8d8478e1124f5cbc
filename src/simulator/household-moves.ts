import type { PersonalFinanceCategory } from 'plaid'
import { addDays, bankingDay, dayIn } from './calendar.ts'
import { categoryOf } from './category.ts'
import type { Entry, EntryKind } from './household-entry.ts'
import type { Plain } from './shapes.ts'

/** One end of a move between two accounts of the household. */
interface End {
  readonly account: string
  readonly text: string
  readonly category: Plain<PersonalFinanceCategory>
}

export interface Move {
  readonly key: string
  readonly day: string
  /** Days until it arrives: none within a bank. */
  readonly travels: number
  readonly cents: number
  readonly kind: EntryKind
  readonly from: End
  readonly to: End
}

/** Both sides of a move, which the two banks book on their own days. */
export function bothSides({ key, day, travels, cents, kind, from, to }: Move): Entry[] {
  const left = bankingDay(day)
  const arrived = bankingDay(addDays(left, travels))
  const keys = { out: `${key} out`, in: `${key} in` }
  return [
    { key: keys.out, ...side(from, left), cents, kind, partner: to.account, partnerKey: keys.in },
    { key: keys.in, ...side(to, arrived), cents: -cents, kind, partner: from.account, partnerKey: keys.out },
  ]
}

function side(end: End, day: string) {
  return { ...end, happened: day, posted: day, merchant: null }
}

export interface MovedAccount {
  readonly key: string
  /** As the other bank's statement names it. */
  readonly title: string
}

/** What last month left on one account, moved to another; a loss is fetched back from there. */
export function evenOut(
  month: string,
  lastMonth: readonly Entry[],
  plan: { from: MovedAccount; to: MovedAccount; day: number; travels: number },
): Entry[] {
  const own = lastMonth.filter(({ account, partner }) => account === plan.from.key && partner !== plan.to.key)
  const left = -own.reduce((sum, { cents }) => sum + cents, 0)
  const amount = Math.floor(left / 2_500) * 2_500
  if (amount === 0) return []
  const [giver, taker] = amount > 0 ? [plan.from, plan.to] : [plan.to, plan.from]
  return bothSides({
    key: `${month} even out ${plan.from.key} ${plan.to.key}`,
    day: dayIn(month, plan.day),
    travels: plan.travels,
    cents: Math.abs(amount),
    kind: 'transfer',
    from: {
      account: giver.key,
      text: `Online transfer to ${taker.title}`,
      category: categoryOf('TRANSFER_OUT', 'ACCOUNT_TRANSFER', 'VERY_HIGH'),
    },
    to: {
      account: taker.key,
      text: `Online transfer from ${giver.title}`,
      category: categoryOf('TRANSFER_IN', 'ACCOUNT_TRANSFER', 'VERY_HIGH'),
    },
  })
}

/** What a card's last statement asks for, in cents: all that was bought in the month before. */
export function statementOf(card: string, lastMonth: readonly Entry[]): number {
  const bought = lastMonth.filter(({ account, kind }) => account === card && kind !== 'card_payment')
  return bought.reduce((sum, { cents }) => sum + cents, 0)
}

/** The last statement, paid in full. */
export function payCard(
  month: string,
  lastMonth: readonly Entry[],
  plan: { card: string; checking: string; text: string; day: number },
): Entry[] {
  const cents = statementOf(plan.card, lastMonth)
  if (cents <= 0) return []
  const category = categoryOf('LOAN_PAYMENTS', 'CREDIT_CARD_PAYMENT', 'VERY_HIGH')
  return bothSides({
    key: `${month} pay ${plan.card}`,
    day: dayIn(month, plan.day),
    travels: 1,
    cents,
    kind: 'card_payment',
    from: { account: plan.checking, text: plan.text, category },
    to: { account: plan.card, text: 'AUTOPAY PAYMENT - THANK YOU', category },
  })
}
