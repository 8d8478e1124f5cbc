import type { OptionContract, Security } from 'plaid'
import { idOf } from './ids.ts'
import { currencyFields, type Plain } from './shapes.ts'

export interface SecurityFields {
  readonly ticker: string
  readonly name?: string | null
  readonly isin?: string | null
  readonly cusip?: string | null
  readonly currency?: string
  readonly price: number | null
  readonly priceAsOf: string | null
}

type Kind = 'cash' | 'cryptocurrency' | 'derivative' | 'equity' | 'etf' | 'mutual fund'

const names: Readonly<Record<string, string>> = {
  AA: 'Alcoa Corp.',
  AAPL: 'Apple Inc.',
  AMC: 'AMC Entertainment Holdings Inc.',
  AMZN: 'Amazon.com Inc.',
  BIO: 'Bio-Rad Laboratories Inc.',
  BND: 'Vanguard Total Bond Market ETF',
  'CUR:BTC': 'Bitcoin',
  'CUR:EUR': 'Euro',
  'CUR:JPY': 'Japanese Yen',
  'CUR:USD': 'U S Dollar',
  GOOGL: 'Alphabet Inc.',
  MRNA: 'Moderna Inc.',
  MSFT: 'Microsoft Corp.',
  T: 'AT&T Inc.',
  TSLA: 'Tesla Inc.',
  VTI: 'Vanguard Total Stock Market ETF',
  VTIVX: 'Vanguard Target Retirement 2045 Fund',
  VXUS: 'Vanguard Total International Stock ETF',
}
const etfs = new Set(['BND', 'VTI', 'VXUS'])
const optionSymbol = /^([A-Z]{1,6})(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/

/** A security's id is the same at every bank and for every Item, as Plaid's are. */
export function securityIdOf(ticker: string): string {
  return idOf('security', ticker)
}

export function securityShape(security: SecurityFields): Plain<Security> {
  const { ticker, currency = 'USD' } = security
  const kind = kindOf(ticker)
  return {
    security_id: securityIdOf(ticker),
    ticker_symbol: ticker,
    name: security.name ?? names[ticker] ?? ticker,
    type: kind,
    subtype: kind === 'derivative' ? 'option' : null,
    is_cash_equivalent: kind === 'cash',
    close_price: security.price,
    close_price_as_of: security.priceAsOf,
    update_datetime: null,
    ...currencyFields(currency),
    isin: security.isin ?? null,
    cusip: security.cusip ?? null,
    ...unsaid,
    option_contract: optionContractOf(ticker),
  }
}

// Licensed or rare: Plaid leaves them empty for nearly every customer.
const unsaid = {
  sedol: null,
  figi: null,
  institution_security_id: null,
  institution_id: null,
  proxy_security_id: null,
  market_identifier_code: null,
  sector: null,
  industry: null,
  cfi_code: null,
  fixed_income: null,
} as const

function kindOf(ticker: string): Kind {
  if (optionSymbol.test(ticker)) return 'derivative'
  if (ticker.startsWith('CUR:')) {
    const { unofficial_currency_code: coin } = currencyFields(ticker.slice(4))
    return coin === null ? 'cash' : 'cryptocurrency'
  }
  if (etfs.has(ticker)) return 'etf'
  // Five letters that end in X: how American exchanges name mutual funds.
  return /^[A-Z]{4}X$/.test(ticker) ? 'mutual fund' : 'equity'
}

/** Reads the symbol that the American option exchanges use: underlying, day, call or put, strike in 1/1000. */
function optionContractOf(ticker: string): Plain<OptionContract> | null {
  const [, underlying, year, month, day, side, strike] = optionSymbol.exec(ticker) ?? []
  if (underlying === undefined) return null
  return {
    contract_type: side === 'C' ? 'call' : 'put',
    expiration_date: `20${year}-${month}-${day}`,
    strike_price: Number(strike) / 1000,
    underlying_security_ticker: underlying,
  }
}
