import { z } from 'zod'

/** Plaid's custom users: what `user_custom` takes as its password. Keys that mean nothing here are let pass. */

const day = z.iso.date()
const currency = z.string().min(3).max(5).default('USD')
const amount = z.number()

const transaction = z.object({
  date_transacted: day,
  date_posted: day,
  amount,
  description: z.string(),
  currency,
})

const security = z.object({
  ticker_symbol: z.string().optional(),
  isin: z.string().optional(),
  cusip: z.string().optional(),
  name: z.string().optional(),
  currency,
})

const holding = z.object({
  institution_price: amount,
  institution_price_as_of: day.optional(),
  cost_basis: amount.optional(),
  quantity: amount,
  currency,
  security,
})

const investmentTransaction = z.object({
  date: day,
  name: z.string(),
  quantity: amount,
  price: amount,
  fees: amount.optional(),
  type: z.enum(['buy', 'sell', 'cancel', 'cash', 'fee', 'transfer']),
  currency,
  security,
})

const creditLiability = z.object({
  type: z.literal('credit'),
  purchase_apr: amount.optional(),
  cash_apr: amount.optional(),
  balance_transfer_apr: amount.optional(),
  special_apr: amount.optional(),
  last_payment_amount: amount.optional(),
  minimum_payment_amount: amount.optional(),
  is_overdue: z.boolean().default(false),
})

const loanLiability = z.object({
  type: z.enum(['student', 'mortgage']),
  origination_date: day.optional(),
  principal: amount,
  nominal_apr: amount,
  loan_name: z.string().optional(),
  guarantor: z.string().optional(),
  repayment_model: z
    .object({
      type: z.string(),
      non_repayment_months: z.int().min(0),
      repayment_months: z.int().min(1),
    })
    .optional(),
})

const account = z.object({
  starting_balance: amount.optional(),
  force_available_balance: amount.optional(),
  has_null_available_balance: z.boolean().optional(),
  currency,
  meta: z
    .object({
      name: z.string(),
      official_name: z.string(),
      limit: amount,
      mask: z.string().min(2).max(4),
    })
    .partial()
    .default({}),
  numbers: z.object({ account: z.string() }).partial().default({}),
  transactions: z.array(transaction).default([]),
  holdings: z.array(holding).default([]),
  investment_transactions: z.array(investmentTransaction).default([]),
  liability: z.discriminatedUnion('type', [creditLiability, loanLiability]).optional(),
})

const bankSubtypes = [
  'cash management',
  'cd',
  'checking',
  'ebt',
  'hsa',
  'money market',
  'paypal',
  'prepaid',
] as const
const loanSubtypes = ['auto', 'business', 'commercial', 'construction', 'consumer', 'home equity'] as const
const otherLoanSubtypes = ['line of credit', 'loan', 'mortgage', 'other', 'overdraft', 'student'] as const
const americanPlans = ['401a', '401k', '403B', '457b', '529', 'keogh', 'roth', 'roth 401k', 'sarsep'] as const
const retirementPlans = [
  'ira',
  'pension',
  'retirement',
  'sep ira',
  'simple ira',
  'thrift savings plan',
] as const
const foreignPlans = [
  'cash isa',
  'gic',
  'isa',
  'lif',
  'lira',
  'resp',
  'rrif',
  'rrsp',
  'sipp',
  'tfsa',
] as const
const investmentSubtypes = [
  'brokerage',
  'crypto exchange',
  'education savings account',
  'health reimbursement arrangement',
  'hsa',
  'mutual fund',
  'non-taxable brokerage account',
  'profit sharing plan',
  'stock plan',
  'trust',
  'ugma',
  'utma',
  'other',
] as const

const anyAccount = z.discriminatedUnion('type', [
  account.extend({ type: z.literal('depository'), subtype: z.enum([...bankSubtypes, 'savings']) }),
  account.extend({ type: z.literal('credit'), subtype: z.enum(['credit card', 'paypal']) }),
  account.extend({
    type: z.literal('loan'),
    subtype: z.enum([...loanSubtypes, ...otherLoanSubtypes]),
  }),
  account.extend({
    type: z.literal('investment'),
    subtype: z.enum([...americanPlans, ...retirementPlans, ...foreignPlans, ...investmentSubtypes]),
  }),
  // Only has what payroll products show; it is no account to any other.
  z.object({ type: z.literal('payroll') }),
])

const file = z.object({
  override_accounts: z.array(anyAccount).min(1).max(10),
  force_error: z.string().optional(),
})

export type CustomUserFile = z.output<typeof file>
export type CustomAccount = Exclude<CustomUserFile['override_accounts'][number], { type: 'payroll' }>
export type CustomSecurity = z.output<typeof security>
export type CustomInvestmentTransaction = z.output<typeof investmentTransaction>
export type CustomCreditLiability = z.output<typeof creditLiability>
export type CustomLoanLiability = z.output<typeof loanLiability>

/** An account of the file with what its rows need to know. */
export interface Owned {
  readonly account: CustomAccount
  readonly index: number
  readonly id: string
}

/** The file, or undefined where it is not one. */
export function readCustomUser(text: string): CustomUserFile | undefined {
  try {
    return file.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
