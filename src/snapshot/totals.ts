import type { Account } from '../model.ts'
import { scale, toMajor } from '../money.ts'
import { type Balances, balances } from './balances.ts'
import type { CurrencyFlow } from './flow.ts'

/** What tools return, one per currency: decimal numbers in major units, made from integers. */
export interface Totals {
  readonly currency: string
  readonly bank_balance: number
  readonly credit_owed: number
  readonly loans_owed: number
  readonly investments: number
  readonly net_worth: number
  readonly income?: number
  readonly expenses?: number
  readonly net_cash_flow?: number
  readonly monthly_burn?: number
  readonly runway_months?: number
  readonly plain_net_cash_flow?: number
  readonly pending_net?: number
  readonly transfers_excluded?: number
  readonly card_payments_excluded?: number
  readonly unmatched_transfers?: { readonly count: number; readonly sum: number }
}

/**
 * One per currency that has an account or a row, never added across them.
 * @param flow null while nothing is known of the flow: its figures are then absent, not 0
 */
export function totals(accounts: readonly Account[], flow: readonly CurrencyFlow[] | null): Totals[] {
  return currencyFigures(accounts, flow).map(totalsOf)
}

/** What totals are made of, in minor units. */
export interface CurrencyFigures {
  readonly balances: Balances
  /** null while nothing is known of it */
  readonly flow: CurrencyFlow | null
}

/** As `totals`, before they are made decimal numbers. */
export function currencyFigures(
  accounts: readonly Account[],
  flow: readonly CurrencyFlow[] | null,
): CurrencyFigures[] {
  const owned = balances(accounts)
  const withFlow = new Map(flow?.map((figures) => [figures.currency, figures]))
  const withAccounts = new Set(owned.map(({ currency }) => currency))
  const others = [...withFlow.keys()].filter((currency) => !withAccounts.has(currency)).sort()
  return [...owned, ...others.map(noBalances)].map((figures) => {
    const { currency } = figures
    return {
      balances: figures,
      flow: flow === null ? null : (withFlow.get(currency) ?? noFlow(currency)),
    }
  })
}

export function totalsOf({ balances: figures, flow }: CurrencyFigures): Totals {
  return { ...balanceFields(figures), ...(flow === null ? {} : flowFields(flow, figures)) }
}

function noBalances(currency: string): Balances {
  return { currency, bankBalance: 0, creditOwed: 0, loansOwed: 0, investments: 0, netWorth: 0 }
}

function noFlow(currency: string): CurrencyFlow {
  return {
    currency,
    income: 0,
    expenses: 0,
    netCashFlow: 0,
    monthlyBurn: 0,
    plainNetCashFlow: 0,
    pendingNet: 0,
    transfersExcluded: 0,
    cardPaymentsExcluded: 0,
    unmatchedTransfers: { count: 0, sum: 0 },
  }
}

function balanceFields(figures: Balances): Totals {
  const major = (minor: number) => toMajor(minor, figures.currency)
  return {
    currency: figures.currency,
    bank_balance: major(figures.bankBalance),
    credit_owed: major(figures.creditOwed),
    loans_owed: major(figures.loansOwed),
    investments: major(figures.investments),
    net_worth: major(figures.netWorth),
  }
}

function flowFields(flow: CurrencyFlow, { bankBalance }: Balances): Partial<Totals> {
  const major = (minor: number) => toMajor(minor, flow.currency)
  const { count, sum } = flow.unmatchedTransfers
  return {
    income: major(flow.income),
    expenses: major(flow.expenses),
    net_cash_flow: major(flow.netCashFlow),
    monthly_burn: major(flow.monthlyBurn),
    ...runway(bankBalance, flow.monthlyBurn),
    plain_net_cash_flow: major(flow.plainNetCashFlow),
    pending_net: major(flow.pendingNet),
    transfers_excluded: major(flow.transfersExcluded),
    card_payments_excluded: major(flow.cardPaymentsExcluded),
    unmatched_transfers: { count, sum: major(sum) },
  }
}

function runway(bankBalance: number, monthlyBurn: number): { runway_months?: number } {
  const months = runwayMonths(bankBalance, monthlyBurn)
  return months === null ? {} : { runway_months: months }
}

/** How long the money in the bank lasts, to two decimals; null when none is lost. Both in minor units. */
export function runwayMonths(bankBalance: number, monthlyBurn: number): number | null {
  return monthlyBurn >= 0 ? null : scale(Math.max(bankBalance, 0), 100, -monthlyBurn) / 100
}
