import { dayIn } from './calendar.ts'
import { categoryOf } from './category.ts'
import { bills } from './household-bills.ts'
import { contributionsIn } from './household-contributions.ts'
import type { Entry, Household } from './household-entry.ts'
import { abroad } from './household-golden-abroad.ts'
import { goldenAccounts } from './household-golden-accounts.ts'
import { goldenHabits } from './household-golden-habits.ts'
import { harden } from './household-golden-hard.ts'
import { billsIn, purchasesIn } from './household-habits.ts'
import { bothSides, evenOut, statementOf } from './household-moves.ts'
import { habits } from './household-purchases.ts'

/** One of the households that figures are measured on. */
export interface GoldenSet {
  readonly seed: string
  readonly currency: string
  /** All that makes a transfer hard to tell: equal sums, late arrivals, vague texts, no category. */
  readonly isHard: boolean
  /** The texts of banks and shops are those of another country. */
  readonly isAbroad: boolean
}

const wording = /^(clean|hard) (USD|EUR|JPY) (\d+)( abroad)?$/

/**
 * `clean USD 1`: which of the two, in which currency, and the seed; `hard EUR 2 abroad`: in other words. Null for
 * anything else.
 */
export function goldenSetOf(words: string): GoldenSet | null {
  const [, which, currency, seed, place] = wording.exec(words) ?? []
  if (currency === undefined || seed === undefined) return null
  return { seed, currency, isHard: which === 'hard', isAbroad: place !== undefined }
}

/** The family's banks with a livelier household: some thirty moves between own accounts every month. */
export function golden({ seed, currency, isHard, isAbroad }: GoldenSet): Household {
  const own = `${seed} golden`
  const accounts = goldenAccounts(currency)
  const usual = (month: string, lastMonth: readonly Entry[]) => [
    ...billsIn(month, own, [...bills, interestOnLoan]),
    ...purchasesIn(month, own, [...habits, ...goldenHabits]),
    ...contributionsIn(month, accounts),
    ...orders.flatMap((order) => ordered(month, isHard ? { ...order, cents: order.hardCents } : order)),
    ...payLoan(month),
    ...payInParts(month, lastMonth, isHard),
    ...evenOut(month, lastMonth, { from: tartan, to: checking, day: 6, travels: 2 }),
    ...evenOut(month, lastMonth, { from: checking, to: savings, day: 4, travels: 0 }),
  ]
  const shown = (entries: Entry[]) => (isHard ? harden(entries, own) : entries)
  return {
    accounts,
    entriesIn(month, lastMonth) {
      const entries = shown(usual(month, lastMonth))
      return isAbroad ? abroad(entries) : entries
    },
  }
}

const checking = { key: 'checking', title: 'First Platypus CHK 4021' }
const savings = { key: 'savings', title: 'First Platypus SAV 4490' }
const tartan = { key: 'tartan-checking', title: 'Tartan CHK 1186' }

/** A standing order of the household to itself. */
interface Order {
  readonly from: string
  readonly to: string
  readonly days: readonly number[]
  readonly travels: number
  readonly cents: number
  /** What several of them move in the hard set. */
  readonly hardCents: number
  readonly texts: readonly [out: string, into: string]
}

/** As much comes back in a month as goes, so that no account runs dry. */
const orders: readonly Order[] = [
  {
    from: 'checking',
    to: 'tartan-checking',
    days: [3, 10, 17, 24],
    travels: 2,
    cents: 15_000,
    hardCents: 20_000,
    texts: ['ACH XFER TO TARTAN CHK 1186', 'ACH XFER FROM FIRST PLATYPUS'],
  },
  {
    from: 'tartan-checking',
    to: 'checking',
    days: [5, 12, 19, 26],
    travels: 1,
    cents: 16_500,
    hardCents: 20_000,
    texts: ['EXTERNAL TRANSFER PLATYPUS 4021', 'EXTERNAL TRANSFER TARTAN 1186'],
  },
  {
    from: 'checking',
    to: 'savings',
    days: [2, 9, 16, 23],
    travels: 0,
    cents: 8_000,
    hardCents: 10_000,
    texts: ['AUTOMATIC SAVINGS TRANSFER TO 4490', 'AUTOMATIC SAVINGS TRANSFER FROM 4021'],
  },
  {
    from: 'savings',
    to: 'checking',
    days: [6, 13, 20, 26],
    travels: 0,
    cents: 7_500,
    hardCents: 10_000,
    texts: ['Transfer to checking 4021', 'Transfer from savings 4490'],
  },
  {
    from: 'tartan-checking',
    to: 'savings',
    days: [8, 22],
    travels: 2,
    cents: 11_000,
    hardCents: 20_000,
    texts: ['EXTERNAL TRANSFER PLATYPUS 4490', 'ACH XFER TARTAN BANK'],
  },
  {
    from: 'savings',
    to: 'tartan-checking',
    days: [11, 25],
    travels: 1,
    cents: 12_000,
    hardCents: 20_000,
    texts: ['ACH XFER TO TARTAN CHK 1186', 'ACH XFER FIRST PLATYPUS SAV'],
  },
]

const transferOut = categoryOf('TRANSFER_OUT', 'ACCOUNT_TRANSFER', 'VERY_HIGH')
const transferIn = categoryOf('TRANSFER_IN', 'ACCOUNT_TRANSFER', 'VERY_HIGH')
const cardPayment = categoryOf('LOAN_PAYMENTS', 'CREDIT_CARD_PAYMENT', 'VERY_HIGH')
const loanPayment = categoryOf('LOAN_PAYMENTS', 'STUDENT_LOAN_PAYMENT', 'VERY_HIGH')

function ordered(month: string, { from, to, days, travels, cents, texts }: Order): Entry[] {
  return days.flatMap((day) =>
    bothSides({
      key: `${month} order ${from} ${to} ${day}`,
      day: dayIn(month, day),
      travels,
      cents,
      kind: 'transfer',
      from: { account: from, text: texts[0], category: transferOut },
      to: { account: to, text: texts[1], category: transferIn },
    }),
  )
}

/** Booked by the lender too; what is paid is spent all the same. */
function payLoan(month: string): Entry[] {
  return bothSides({
    key: `${month} loan`,
    day: dayIn(month, 15),
    travels: 1,
    cents: 31_875,
    kind: 'loan_payment',
    from: { account: 'checking', text: 'EDUCATION LENDERS STUDENT LOAN PMT', category: loanPayment },
    to: { account: 'loan', text: 'PAYMENT RECEIVED', category: loanPayment },
  })
}

const interestOnLoan = {
  account: 'loan',
  day: 20,
  text: 'INTEREST CHARGE',
  merchant: null,
  category: categoryOf('BANK_FEES', 'INTEREST_CHARGE', 'VERY_HIGH'),
  cents: [7_240, 7_240],
} as const

const cards = [
  {
    card: 'card',
    checking: 'checking',
    text: 'PLATYPUS REWARDS CARD AUTOPAY',
    days: [8, 21],
    early: 25_000,
    hardEarly: 20_000,
  },
  {
    card: 'tartan-card',
    checking: 'tartan-checking',
    text: 'TARTAN CREDIT CARD PAYMENT WEB',
    days: [7, 19],
    early: 18_000,
    hardEarly: 10_000,
  },
] as const

/** Last month's statement in two payments: some of it early, the rest when it is due. */
function payInParts(month: string, lastMonth: readonly Entry[], isHard: boolean): Entry[] {
  return cards.flatMap(({ card, checking: account, text, days, early: usual, hardEarly }) => {
    const owed = statementOf(card, lastMonth)
    const early = Math.min(owed, isHard ? hardEarly : usual)
    const parts = [early, owed - early] as const
    return days.flatMap((day, index) =>
      bothSides({
        key: `${month} pay ${card} ${index}`,
        day: dayIn(month, day),
        travels: 1,
        cents: parts[index] ?? 0,
        kind: 'card_payment',
        from: { account, text, category: cardPayment },
        to: { account: card, text: 'AUTOPAY PAYMENT - THANK YOU', category: cardPayment },
      }),
    )
  })
}
