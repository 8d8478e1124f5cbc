import type { Liability } from '../model.ts'
import { decimalText } from '../money.ts'
import { currencyOf, minorAt } from './amounts.ts'
import type { Call } from './call.ts'
import { dayAt, idAt, isRecord, type Json, malformed, numberAt, objectAt, rowsAt } from './json.ts'
import type { Plaid } from './operations.ts'

export function liabilityCalls(call: Call): Pick<Plaid, 'liabilities'> {
  return {
    async liabilities(itemId, signal) {
      const answer = await call({
        endpoint: '/liabilities/get',
        itemId,
        signal,
        // Few are allowed in a minute, and what was told in it stands.
        patience: 0,
        send: (sdk, options, token) => sdk.liabilitiesGet({ access_token: token.open() }, options),
      })
      return toLiabilities(answer, itemId)
    },
  }
}

type Read = (row: Json, currency: string) => Omit<Liability, 'itemId' | 'accountId' | 'currency'>

/** Plaid's lists, in the order in which an account that is in several of them is taken. */
const lists: Readonly<Record<string, Read>> = {
  credit: readCard,
  mortgage: readMortgage,
  student: readStudentLoan,
  loan: readLoan,
  line_of_credit: readLoan,
}

/** A kind of debt that a login has not got is null or missing. One row per account. */
function toLiabilities(answer: Json, itemId: string): Liability[] {
  if (!isRecord(answer.liabilities)) throw malformed('liabilities')
  const found = answer.liabilities
  const currencies = new Map(
    rowsAt(answer, 'accounts', (row) => [row.account_id, currencyOf(objectAt(row, 'balances'))] as const),
  )
  const byAccount = new Map<string, Liability>()
  for (const [name, read] of Object.entries(lists)) {
    for (const row of rowsAt(found, name, (row) => row)) {
      const accountId = idAt(row, 'account_id')
      if (accountId === null || byAccount.has(accountId)) continue
      // A debt has no currency of its own; without its account's, no amount of it can be told.
      const currency = currencies.get(accountId) ?? 'XXX'
      byAccount.set(accountId, { itemId, accountId, currency, ...read(row, currency) })
    }
  }
  return [...byAccount.values()]
}

function readCard(row: Json, currency: string) {
  return {
    kind: 'credit' as const,
    apr: purchaseApr(row),
    minimumPayment: minorAt(row, 'minimum_payment_amount', currency),
    nextPaymentDueOn: dayAt(row, 'next_payment_due_date'),
    lastStatementBalance: minorAt(row, 'last_statement_balance', currency),
    lastStatementIssuedOn: dayAt(row, 'last_statement_issue_date'),
    isOverdue: flagAt(row, 'is_overdue'),
  }
}

function readMortgage(row: Json, currency: string) {
  return {
    kind: 'mortgage' as const,
    apr: percentAt(objectAt(row, 'interest_rate'), 'percentage'),
    minimumPayment: minorAt(row, 'next_monthly_payment', currency),
    nextPaymentDueOn: dayAt(row, 'next_payment_due_date'),
    lastStatementBalance: null,
    lastStatementIssuedOn: null,
    isOverdue: isPastDue(row),
  }
}

function readStudentLoan(row: Json, currency: string) {
  return {
    kind: 'student' as const,
    apr: percentAt(row, 'interest_rate_percentage'),
    minimumPayment: minorAt(row, 'minimum_payment_amount', currency),
    nextPaymentDueOn: dayAt(row, 'next_payment_due_date'),
    lastStatementBalance: minorAt(row, 'last_statement_balance', currency),
    lastStatementIssuedOn: dayAt(row, 'last_statement_issue_date'),
    isOverdue: flagAt(row, 'is_overdue'),
  }
}

function readLoan(row: Json, currency: string) {
  const least = minorAt(row, 'minimum_payment_amount', currency)
  return {
    kind: 'loan' as const,
    apr: percentAt(objectAt(row, 'interest_rate'), 'percentage') ?? purchaseApr(row),
    minimumPayment: least ?? minorAt(row, 'next_payment_amount', currency),
    nextPaymentDueOn: dayAt(row, 'next_payment_due_date'),
    lastStatementBalance: minorAt(row, 'last_statement_balance', currency),
    lastStatementIssuedOn: dayAt(row, 'last_statement_issue_date'),
    isOverdue: isPastDue(row),
  }
}

/** Cards have a rate for each use; what is bought is what most of them are for. */
function purchaseApr(row: Json): string | null {
  const rates = rowsAt(row, 'aprs', (apr) =>
    apr.apr_type === 'purchase_apr' ? percentAt(apr, 'apr_percentage') : null,
  )
  return rates[0] ?? null
}

function percentAt(row: Json, key: string): string | null {
  const percent = numberAt(row, key)
  return percent === null ? null : decimalText(percent)
}

function isPastDue(row: Json): boolean | null {
  const amount = numberAt(row, 'past_due_amount')
  return amount === null ? null : amount > 0
}

function flagAt(row: Json, key: string): boolean | null {
  const flag = row[key]
  return typeof flag === 'boolean' ? flag : null
}
