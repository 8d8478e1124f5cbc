import type { APR, CreditCardLiability, LiabilitiesObject, MortgageLiability, StudentLoan } from 'plaid'
import { addMonths, dayIn, monthOf } from './calendar.ts'
import type { CustomCreditLiability, CustomLoanLiability, Owned } from './custom-user-file.ts'
import type { Shift } from './custom-user-shift.ts'
import { liabilitiesShape, mortgageShape, studentShape } from './liabilities.ts'
import { type Plain, rounded } from './shapes.ts'

export function customLiabilities(
  owned: readonly Owned[],
  today: string,
  shift: Shift,
): Plain<LiabilitiesObject> {
  const credit: Plain<CreditCardLiability>[] = []
  const mortgage: Plain<MortgageLiability>[] = []
  const student: Plain<StudentLoan>[] = []
  for (const { account, id } of owned) {
    const { liability } = account
    if (liability?.type === 'credit') credit.push(creditCard(liability, id))
    if (liability?.type === 'mortgage') mortgage.push(homeLoan(liability, id, shift))
    if (liability?.type === 'student') student.push(studentLoan(liability, id, today, shift))
  }
  return liabilitiesShape({ credit, mortgage, student })
}

function creditCard(liability: CustomCreditLiability, accountId: string): Plain<CreditCardLiability> {
  return {
    account_id: accountId,
    aprs: [
      ...apr('purchase_apr', liability.purchase_apr),
      ...apr('cash_apr', liability.cash_apr),
      ...apr('balance_transfer_apr', liability.balance_transfer_apr),
      ...apr('special', liability.special_apr),
    ],
    is_overdue: liability.is_overdue,
    last_payment_amount: liability.last_payment_amount ?? null,
    last_payment_date: null,
    last_statement_issue_date: null,
    last_statement_balance: null,
    minimum_payment_amount: liability.minimum_payment_amount ?? null,
    next_payment_due_date: null,
  }
}

function apr(type: Plain<APR['apr_type']>, percentage: number | undefined): Plain<APR>[] {
  if (percentage === undefined) return []
  const unsaid = { balance_subject_to_apr: null, interest_charge_amount: null }
  return [{ apr_type: type, apr_percentage: percentage, ...unsaid }]
}

function homeLoan(liability: CustomLoanLiability, accountId: string, shift: Shift): Plain<MortgageLiability> {
  return mortgageShape({
    account_id: accountId,
    interest_rate: { percentage: liability.nominal_apr, type: 'fixed' },
    origination_date: originationOf(liability, shift),
    origination_principal_amount: liability.principal,
    loan_type_description: liability.loan_name ?? null,
  })
}

function studentLoan(
  liability: CustomLoanLiability,
  accountId: string,
  today: string,
  shift: Shift,
): Plain<StudentLoan> {
  const originated = originationOf(liability, shift)
  return studentShape({
    account_id: accountId,
    interest_rate_percentage: liability.nominal_apr,
    loan_name: liability.loan_name ?? null,
    guarantor: liability.guarantor ?? null,
    is_overdue: false,
    origination_date: originated,
    origination_principal_amount: liability.principal,
    disbursement_dates: originated === null ? null : [originated],
    ...repaymentOf(liability, originated, today),
  })
}

function originationOf({ origination_date }: CustomLoanLiability, shift: Shift): string | null {
  return origination_date === undefined ? null : shift(origination_date)
}

/** Equal payments over the months of repayment, which begin when the months without are over. */
function repaymentOf(liability: CustomLoanLiability, originated: string | null, today: string) {
  const { repayment_model: model, principal, nominal_apr } = liability
  if (model === undefined || originated === null) return {}
  const { non_repayment_months: pause, repayment_months: months } = model
  const rate = nominal_apr / 1200
  const payment = rate === 0 ? principal / months : (principal * rate) / (1 - (1 + rate) ** -months)
  const monthsOn = (count: number) =>
    dayIn(addMonths(monthOf(originated), count), Number(originated.slice(8)))
  const isRepaid = monthsOn(pause) <= today
  return {
    minimum_payment_amount: rounded(payment),
    expected_payoff_date: monthsOn(pause + months),
    loan_status: { type: isRepaid ? 'repayment' : 'in grace', end_date: monthsOn(pause + months) },
    repayment_plan: { type: 'standard', description: 'Standard Repayment' },
  } as const
}
