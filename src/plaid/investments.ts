import type { Holding, InvestmentTransaction } from '../model.ts'
import { decimalText, isOfficial } from '../money.ts'
import { textLimits } from '../text.ts'
import { currencyOf, minorAt, turnedAt } from './amounts.ts'
import type { Call } from './call.ts'
import { dayAt, foreignAt, idAt, type Json, needRowsAt, numberAt, rowsAt } from './json.ts'
import type { Plaid } from './operations.ts'
import { allRows, pagesOf } from './paging.ts'

const shape = {
  rows: 'investment_transactions',
  total: 'total_investment_transactions',
  id: 'investment_transaction_id',
} as const

export function investmentCalls(call: Call): Pick<Plaid, 'holdings' | 'investmentTransactions'> {
  return {
    async holdings(itemId, signal) {
      const answer = await call({
        endpoint: '/investments/holdings/get',
        itemId,
        signal,
        send: (sdk, options, token) => sdk.investmentsHoldingsGet({ access_token: token.open() }, options),
      })
      return toHoldings(answer, itemId)
    },

    async investmentTransactions(itemId, from, to, signal) {
      const fetchPage = pagesOf(call, {
        endpoint: '/investments/transactions/get',
        itemId,
        span: { from, to },
        signal,
        send: (sdk, options, request) => sdk.investmentsTransactionsGet(request, options),
      })
      return await allRows(fetchPage, shape, toInvestmentTransaction)
    },
  }
}

/** Positions and securities come apart, joined by `security_id`; a position whose security is missing still has its value. */
function toHoldings(answer: Json, itemId: string): Holding[] {
  const securities = new Map(rowsAt(answer, 'securities', (row) => [row.security_id, row] as const))
  return needRowsAt(answer, 'holdings', (row) =>
    toHolding(row, securities.get(row.security_id) ?? {}, itemId),
  )
}

function toHolding(row: Json, security: Json, itemId: string): Holding | null {
  const accountId = idAt(row, 'account_id')
  const securityId = idAt(row, 'security_id')
  const currency = currencyOf(row)
  const quantity = decimalAt(row, 'quantity')
  const value = minorAt(row, 'institution_value', currency)
  if (accountId === null || securityId === null || quantity === null || value === null) return null
  const ticker = foreignAt(security, 'ticker_symbol', 24)
  return {
    itemId,
    accountId,
    securityId,
    ticker,
    name: foreignAt(security, 'name') ?? ticker ?? 'Unnamed security',
    type: securityTypeOf(security.type, ticker),
    quantity,
    price: decimalAt(row, 'institution_price'),
    priceAsOf: dayAt(row, 'institution_price_as_of'),
    value,
    costBasis: minorAt(row, 'cost_basis', currency),
    currency,
  }
}

const securityTypes: ReadonlySet<unknown> = new Set([
  'cash',
  'cryptocurrency',
  'derivative',
  'equity',
  'etf',
  'fixed income',
  'loan',
  'mutual fund',
])

/** Some brokers still call a coin cash, under a ticker such as CUR:BTC. */
function securityTypeOf(type: unknown, ticker: string | null): string {
  const coin = type === 'cash' && ticker?.startsWith('CUR:') === true && !isOfficial(ticker.slice(4))
  if (coin) return 'cryptocurrency'
  return typeof type === 'string' && securityTypes.has(type) ? type : 'other'
}

function decimalAt(row: Json, key: string): string | null {
  const number = numberAt(row, key)
  return number === null ? null : decimalText(number)
}

function toInvestmentTransaction(row: Json): InvestmentTransaction | null {
  const transactionId = idAt(row, 'investment_transaction_id')
  const accountId = idAt(row, 'account_id')
  const date = dayAt(row, 'date')
  const currency = currencyOf(row)
  const amount = turnedAt(row, 'amount', currency)
  if (transactionId === null || accountId === null || date === null || amount === null) return null
  return {
    transactionId,
    accountId,
    date,
    amount,
    currency,
    name: foreignAt(row, 'name', textLimits.memo) ?? '',
    type: foreignAt(row, 'type') ?? 'other',
    subtype: foreignAt(row, 'subtype') ?? 'other',
  }
}
