import type { CreditCardLiability, LiabilitiesObject, MortgageLiability, StudentLoan } from 'plaid'
import type { Plain } from './shapes.ts'

export type MortgageFields = Partial<Plain<MortgageLiability>> & { readonly account_id: string }
export type StudentFields = Partial<Plain<StudentLoan>> & {
  readonly account_id: string
  readonly interest_rate_percentage: number
}

/** Plaid gives null, not an empty list, for a kind of debt that a login has not got. */
export function liabilitiesShape(found: {
  credit: Plain<CreditCardLiability>[]
  mortgage: Plain<MortgageLiability>[]
  student: Plain<StudentLoan>[]
}): Plain<LiabilitiesObject> {
  const orNull = <T>(list: T[]) => (list.length === 0 ? null : list)
  return { credit: orNull(found.credit), mortgage: orNull(found.mortgage), student: orNull(found.student) }
}

/** `known` is what the bank says; all else is null, as Plaid gives it. */
export function mortgageShape(known: MortgageFields): Plain<MortgageLiability> {
  return {
    account_number: null,
    current_late_fee: null,
    escrow_balance: null,
    has_pmi: null,
    has_prepayment_penalty: null,
    interest_rate: { percentage: null, type: null },
    last_payment_amount: null,
    last_payment_date: null,
    loan_type_description: null,
    loan_term: null,
    maturity_date: null,
    next_monthly_payment: null,
    next_payment_due_date: null,
    origination_date: null,
    origination_principal_amount: null,
    past_due_amount: null,
    property_address: { street: null, city: null, region: null, postal_code: null, country: null },
    ytd_interest_paid: null,
    ytd_principal_paid: null,
    ...known,
  }
}

export function studentShape(known: StudentFields): Plain<StudentLoan> {
  return {
    account_number: null,
    disbursement_dates: null,
    expected_payoff_date: null,
    guarantor: null,
    is_overdue: null,
    last_payment_amount: null,
    last_payment_date: null,
    last_statement_balance: null,
    last_statement_issue_date: null,
    loan_name: null,
    loan_status: { type: 'other', end_date: null },
    minimum_payment_amount: null,
    next_payment_due_date: null,
    origination_date: null,
    origination_principal_amount: null,
    outstanding_interest_amount: null,
    payment_reference_number: null,
    pslf_status: { estimated_eligibility_date: null, payments_made: null, payments_remaining: null },
    repayment_plan: { type: 'other', description: null },
    sequence_number: null,
    servicer_address: { street: null, city: null, region: null, postal_code: null, country: null },
    ytd_interest_paid: null,
    ytd_principal_paid: null,
    ...known,
  }
}
