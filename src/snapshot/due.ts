import type { Account, Liability, Span } from '../model.ts'
import type { Verdict } from './judge.ts'
import type { FlowRow } from './row.ts'
import type { Recurring } from './recurring.ts'
import { addDays, daysBetween, isWithin } from './window.ts'

/** A payment that is owed for a card or loan. Amounts in minor units, positive. */
export interface Due {
  readonly liability: Liability
  readonly account: Account
  /** What is still to be paid: of a card the statement, else the least; null where the bank tells neither. */
  readonly payment: number | null
  /** The account_id that paid it before; null where that is not known. */
  readonly payer: string | null
  /** What pays it again and again, where that is known. */
  readonly series: readonly Recurring[]
}

type Verdicts = ReadonlyMap<FlowRow, Verdict>

/** A card's statement closes at least three weeks before it is due. */
const statementDays = 21
/** What a bank books up to some days after the due date before, which is a month earlier, paid the statement before. */
const sincePreviousDays = 26
/** A bank may book a loan's payment so long before or after the day. */
const loanDays = 10

/**
 * What is due within `span`, and whatever is overdue; the overdue first, then by date.
 * @param verdicts all rows at hand, also those of long ago: they tell who pays
 */
export function duePayments(
  liabilities: readonly Liability[],
  accounts: readonly Account[],
  verdicts: Verdicts,
  series: readonly Recurring[],
  span: Span,
): Due[] {
  const byId = new Map(accounts.map((account) => [account.accountId, account]))
  return liabilities
    .flatMap((liability) => {
      const account = byId.get(liability.accountId)
      const shown = account !== undefined && account.sameAs === null && isDue(liability, span)
      return shown ? [dueOf(liability, account, verdicts, series)] : []
    })
    .sort((a, b) => inOrder(a.liability, b.liability))
}

/** The day on which money is expected to leave: what is overdue goes at once. */
export function dayOfPayment({ liability }: Due, today: string): string {
  const { nextPaymentDueOn: on } = liability
  return on === null || on < today ? today : on
}

/** Whether this occurrence is the due payment by another name. */
export function isPaymentOf(due: Due, series: Recurring, date: string): boolean {
  const { nextPaymentDueOn: on } = due.liability
  if (due.payment === null || !due.series.includes(series)) return false
  return on === null || isWithin(date, { from: addDays(on, -daysAround(due.liability)), to: addDays(on, 4) })
}

function isDue({ nextPaymentDueOn: on, isOverdue }: Liability, span: Span): boolean {
  return isOverdue === true || (on !== null && isWithin(on, span))
}

function dueOf(liability: Liability, account: Account, verdicts: Verdicts, all: readonly Recurring[]): Due {
  const received = paymentsTo(account.accountId, verdicts)
  const series = seriesOf(liability, verdicts, all)
  const sent = series.flatMap(({ rows }) => rows).map(({ date, amount }) => ({ date, amount: -amount }))
  const known = received.length > 0 ? received : sent
  const payer = received.findLast(({ partner }) => partner !== null)?.partner?.accountId
  return {
    liability,
    account,
    payment: stillOwed(liability, known),
    payer: payer ?? series[0]?.accountId ?? null,
    series,
  }
}

interface Payment {
  readonly date: string
  readonly amount: number
}

/** What was paid into a card or loan, oldest first, with the bank account that it came from. */
function paymentsTo(accountId: string, verdicts: Verdicts) {
  const paid = [...verdicts].filter(
    ([row, { partner }]) =>
      row.accountId === accountId &&
      row.amount > 0 &&
      (partner !== null || row.look === 'card_payment' || row.look === 'loan_payment'),
  )
  return paid
    .map(([{ date, amount }, { partner }]) => ({
      date,
      amount,
      partner: partner?.accountType === 'depository' ? partner : null,
    }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** The statement stays what it was after it is paid: payments since then count against it. */
function stillOwed(liability: Liability, payments: readonly Payment[]): number | null {
  const { lastStatementBalance, minimumPayment, nextPaymentDueOn: on, isOverdue } = liability
  const owed = liability.kind === 'credit' ? (lastStatementBalance ?? minimumPayment) : minimumPayment
  if (owed === null || on === null || isOverdue === true) return owed === null ? null : Math.max(owed, 0)
  const before = lastDayBefore(liability, on)
  const paid = payments.filter(({ date }) => date > before).reduce((sum, { amount }) => sum + amount, 0)
  return Math.max(owed - paid, 0)
}

/** The last day whose payments are in the statement already, or were for the one before. */
function lastDayBefore({ kind, lastStatementIssuedOn: issued }: Liability, on: string): string {
  if (kind !== 'credit') return addDays(on, -1 - loanDays)
  return issued !== null && issued < on ? issued : addDays(on, -sincePreviousDays)
}

function daysAround({ kind }: Liability): number {
  return kind === 'credit' ? statementDays : loanDays
}

/** By their other side, where it is connected; many banks show no rows of a loan, so there by look and amount. */
function seriesOf(liability: Liability, verdicts: Verdicts, all: readonly Recurring[]): Recurring[] {
  const out = all.filter(({ sign }) => sign === 'out')
  const paired = out.filter(({ rows }) =>
    rows.some((row) => verdicts.get(row)?.partner?.accountId === liability.accountId),
  )
  if (paired.length > 0 || liability.kind === 'credit') return paired
  const alike = out.filter((series) => looksLikeIt(series, liability, verdicts))
  const [nearest] = alike.sort((a, b) => b.lastAmount - a.lastAmount)
  return nearest === undefined ? [] : [nearest]
}

/** A payment on the day of the month, of at least what is due: many pay more. */
function looksLikeIt(series: Recurring, liability: Liability, verdicts: Verdicts): boolean {
  const { minimumPayment: least, nextPaymentDueOn: on, currency } = liability
  const [last, paid] = [series.rows.at(-1), -series.lastAmount]
  if (least === null || on === null || last === undefined || series.currency !== currency) return false
  const isLone = last.look === 'loan_payment' && verdicts.get(last)?.partner === null
  if (!isLone || paid < least || paid > 2 * least) return false
  return [series.nextDate, last.date].some((date) => Math.abs(daysBetween(date, on)) <= loanDays)
}

function inOrder(a: Liability, b: Liability): number {
  return (
    Number(b.isOverdue === true) - Number(a.isOverdue === true) ||
    compare(a.nextPaymentDueOn ?? '', b.nextPaymentDueOn ?? '') ||
    compare(a.accountId, b.accountId)
  )
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
