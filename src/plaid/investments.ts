import type { Holding, InvestmentTransaction } from '../model.ts'
import { decimalText, isOfficial, worthAt } from '../money.ts'
import { textLimits } from '../text.ts'
import { currencyOf, minorAt, turnedAt } from './amounts.ts'
import type { Call } from './call.ts'
import { dayAt, foreignAt, idAt, type Json, needed, needRowsAt, numberAt, rowsAt } from './json.ts'
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
        send: (sdk, options, request) => sdk.investmentsTransactionsGet(atOnce(request), options),
      })
      return await allRows(fetchPage, shape, toInvestmentTransaction)
    },
  }
}

/** Without this the first call of a connection waits for one or two minutes; with it Plaid says NOT_READY. */
function atOnce<T extends { readonly options: object }>(request: T) {
  return { ...request, options: { ...request.options, async_update: true } }
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
  const ticker = foreignAt(security, 'ticker_symbol', 24)
  const type = securityTypeOf(security.type, ticker)
  const { price, priceAsOf } = priceOf(row, security, currency)
  const value = minorAt(row, 'institution_value', currency) ?? worthOf({ type, quantity, price, currency })
  if (accountId === null || securityId === null || quantity === null) return null
  return {
    itemId,
    accountId,
    securityId,
    ticker,
    name: foreignAt(security, 'name') ?? ticker ?? 'Unnamed security',
    type,
    quantity,
    price,
    priceAsOf,
    value,
    costBasis: minorAt(row, 'cost_basis', currency),
    currency,
  }
}

/** What the bank tells, else the market's last price, if that is in the position's currency. */
function priceOf(row: Json, security: Json, currency: string) {
  const price = decimalAt(row, 'institution_price')
  const close = decimalAt(security, 'close_price')
  if (price !== null || close === null || currencyOf(security) !== currency)
    return { price, priceAsOf: dayAt(row, 'institution_price_as_of') }
  return { price: close, priceAsOf: dayAt(security, 'close_price_as_of') }
}

/** Options have prices of one share out of a hundred, and bonds of a hundredth: such are not multiplied. */
const soldByThePiece: ReadonlySet<string> = new Set([
  'cash',
  'cryptocurrency',
  'equity',
  'etf',
  'mutual fund',
])
/** As of every amount: sums of it stay exact. */
const largestWorth = 2 ** 43

interface Pieces extends Pick<Holding, 'type' | 'price' | 'currency'> {
  readonly quantity: string | null
}

/** For a position whose value the bank does not tell; null where it cannot be known. */
function worthOf({ type, quantity, price, currency }: Pieces): number | null {
  if (quantity === null || price === null || !soldByThePiece.has(type)) return null
  try {
    const worth = worthAt(quantity, price, currency)
    return Math.abs(worth) > largestWorth ? null : worth
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
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
  const transactionId = needed(idAt(row, 'investment_transaction_id'), 'investment_transaction_id')
  const accountId = needed(idAt(row, 'account_id'), 'account_id')
  const date = needed(dayAt(row, 'date'), 'date')
  needed(numberAt(row, 'amount'), 'amount')
  const currency = currencyOf(row)
  const amount = turnedAt(row, 'amount', currency)
  if (amount === null) return null
  return {
    transactionId,
    accountId,
    date,
    amount,
    currency,
    name: foreignAt(row, 'name', textLimits.memo) ?? '',
    fees: turnedAt(row, 'fees', currency),
    type: foreignAt(row, 'type') ?? 'other',
    subtype: foreignAt(row, 'subtype') ?? 'other',
  }
}
