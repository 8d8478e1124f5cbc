import type { CreditCardLiability, LiabilitiesObject, MortgageLiability, StudentLoan } from 'plaid'
import { addDays, addMonths, bankingDay, dayIn, monthOf } from './calendar.ts'
import type { Entry, HouseholdAccount } from './household-entry.ts'
import { mortgage, mortgageOn } from './household-mortgage.ts'
import { statementOf } from './household-moves.ts'
import { liabilitiesShape, mortgageShape, studentShape } from './liabilities.ts'
import { majorOf, type Plain } from './shapes.ts'

export function householdLiabilities(
  accounts: readonly HouseholdAccount[],
  entries: readonly Entry[],
  today: string,
  idOfAccount: (key: string) => string,
): Plain<LiabilitiesObject> {
  const of = (subtype: string) => accounts.filter((account) => account.subtype === subtype)
  return liabilitiesShape({
    credit: of('credit card').map((card) => cardLiability(card, entries, today, idOfAccount(card.key))),
    mortgage: of('mortgage').map(({ key }) => mortgageLiability(today, idOfAccount(key))),
    student: of('student').map((loan) => studentLiability(loan, entries, today, idOfAccount(loan.key))),
  })
}

/** The statement closes with the month and is due on the 25th of the next. */
function cardLiability(
  { key: card, currency }: HouseholdAccount,
  entries: readonly Entry[],
  today: string,
  accountId: string,
): Plain<CreditCardLiability> {
  const month = monthOf(today)
  const lastMonth = entries.filter(({ happened }) => monthOf(happened) === addMonths(month, -1))
  const statement = statementOf(card, lastMonth)
  const due = bankingDay(dayIn(month, 25))
  const payment = lastPayment(card, entries, today)
  return {
    account_id: accountId,
    aprs: [apr('purchase_apr', 21.24), apr('cash_apr', 29.49)],
    is_overdue: false,
    last_payment_amount: payment === undefined ? null : majorOf(-payment.cents, currency),
    last_payment_date: payment?.posted ?? null,
    last_statement_issue_date: addDays(`${month}-01`, -1),
    last_statement_balance: majorOf(statement, currency),
    minimum_payment_amount: majorOf(
      Math.min(statement, Math.max(3_500, Math.round(statement * 0.02))),
      currency,
    ),
    next_payment_due_date: due >= today ? due : bankingDay(dayIn(addMonths(month, 1), 25)),
  }
}

function lastPayment(to: string, entries: readonly Entry[], today: string): Entry | undefined {
  const paid = entries.filter(
    ({ account, cents, partner, posted }) =>
      account === to && partner !== null && cents < 0 && posted <= today,
  )
  return paid.reduce<Entry | undefined>(
    (last, one) => (last !== undefined && last.posted > one.posted ? last : one),
    undefined,
  )
}

function studentLiability(
  { key: loan, currency, opening, mask }: HouseholdAccount,
  entries: readonly Entry[],
  today: string,
  accountId: string,
): Plain<StudentLoan> {
  const payment = lastPayment(loan, entries, today)
  const paid = payment === undefined ? null : majorOf(-payment.cents, currency)
  return studentShape({
    account_id: accountId,
    account_number: mask,
    interest_rate_percentage: 4.53,
    is_overdue: false,
    last_payment_amount: paid,
    last_payment_date: payment?.posted ?? null,
    minimum_payment_amount: paid,
    loan_status: { type: 'repayment', end_date: null },
    repayment_plan: { type: 'standard', description: 'Standard Repayment' },
    origination_principal_amount: majorOf(opening, currency),
  })
}

function apr(
  type: Plain<CreditCardLiability['aprs'][number]['apr_type']>,
  percentage: number,
): Plain<CreditCardLiability['aprs'][number]> {
  return {
    apr_type: type,
    apr_percentage: percentage,
    balance_subject_to_apr: null,
    interest_charge_amount: null,
  }
}

function mortgageLiability(today: string, accountId: string): Plain<MortgageLiability> {
  const state = mortgageOn(today)
  return mortgageShape({
    account_id: accountId,
    current_late_fee: 0,
    escrow_balance: 2_460,
    has_pmi: false,
    has_prepayment_penalty: false,
    interest_rate: { percentage: mortgage.percent, type: 'fixed' },
    last_payment_amount: state.lastPayment === null ? null : mortgage.payment / 100,
    last_payment_date: state.lastPayment,
    loan_type_description: 'conventional',
    loan_term: '30 year',
    maturity_date: mortgage.matures,
    next_monthly_payment: mortgage.payment / 100,
    next_payment_due_date: nextFirst(today),
    origination_date: mortgage.originated,
    origination_principal_amount: mortgage.principal / 100,
    past_due_amount: 0,
    ytd_interest_paid: state.interestThisYear / 100,
    ytd_principal_paid: state.principalThisYear / 100,
  })
}

function nextFirst(today: string): string {
  const thisMonths = bankingDay(`${monthOf(today)}-01`)
  return thisMonths > today ? thisMonths : bankingDay(`${addMonths(monthOf(today), 1)}-01`)
}
