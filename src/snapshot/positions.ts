import type { Account, Holding } from '../model.ts'
import { isOfficial, scale, toMajor } from '../money.ts'
import { agreed, costOf, currencyOf, type Line, linesOf, valueOf, withoutValue } from './lines.ts'
import { sumOfDecimals } from './quantity.ts'

export const groupings = ['none', 'security', 'type', 'account'] as const
export type Grouping = (typeof groupings)[number]

const WEIGHT_UNITS = 10_000

/**
 * One holding, or several with something in common: then only the fields are set in which all of them agree.
 * Money in major units. `cost_basis` and `unrealized_gain` cover the holdings whose cost the bank tells, and
 * are absent where it tells none; what a short position brought in is a negative cost.
 */
export interface Position {
  readonly item_id?: string
  readonly institution?: string
  readonly account_id?: string
  readonly account?: string
  readonly security_id?: string
  readonly ticker?: string
  readonly name: string
  readonly type: string
  readonly quantity?: number
  readonly price?: number
  readonly price_as_of?: string
  /** Absent where none is known of any of its holdings. */
  readonly value?: number
  /** How many of its holdings have no value. */
  readonly without_value?: number
  readonly cost_basis?: number
  readonly unrealized_gain?: number
  /** How many of its holdings `cost_basis` and `unrealized_gain` leave out. */
  readonly without_cost?: number
  /** Share of the total of its currency, to four decimals; 0 in an unofficial currency, which has no total. Absent where there is no value. */
  readonly weight?: number
  readonly currency: string
}

/** One per official currency in which a value is known. */
export interface PositionTotals {
  readonly currency: string
  readonly value: number
  readonly without_value?: number
  readonly cost_basis?: number
  readonly unrealized_gain?: number
  readonly without_cost?: number
  readonly by_type: Readonly<Record<string, number>>
}

/**
 * All holdings of counted accounts, the largest first within a currency. Cash is in it where the brokerage
 * lists it as a holding, and only then: an account's cash balance is the same money.
 * @param institutions the bank's name by item_id
 */
export function positions(
  holdings: readonly Holding[],
  accounts: readonly Account[],
  { groupBy, institutions }: { groupBy: Grouping; institutions: ReadonlyMap<string, string> },
): { positions: Position[]; totals: PositionTotals[] } {
  const lines = linesOf(holdings, accounts)
  const currencies = currenciesOf(lines)
  const groups = Map.groupBy(lines, (line) => keyOf(line, groupBy))
  const rows = [...groups.values()].map((group) => ({
    ...placeOf(group, institutions),
    ...securityOf(group, groupBy),
    ...worthOf(group, currencies),
  }))
  return {
    positions: rows.sort((a, b) => inOrder(a, b, [...currencies.keys()])),
    totals: [...currencies].flatMap(([currency, group]) => totalsOf(currency, group)),
  }
}

function keyOf({ holding }: Line, groupBy: Grouping): string {
  const { currency, accountId, securityId, type } = holding
  switch (groupBy) {
    case 'none':
      return [currency, accountId, securityId].join(' ')
    case 'security':
      return [currency, securityId].join(' ')
    case 'type':
      return [currency, type].join(' ')
    case 'account':
      return [currency, accountId].join(' ')
  }
}

function placeOf(group: readonly Line[], institutions: ReadonlyMap<string, string>) {
  const itemId = agreed(group, ({ holding }) => holding.itemId)
  return known({
    item_id: itemId,
    institution: itemId === null ? null : (institutions.get(itemId) ?? null),
    account_id: agreed(group, ({ account }) => account.accountId),
    account: agreed(group, ({ account }) => account.name),
  })
}

function securityOf(group: readonly Line[], groupBy: Grouping) {
  const [first] = group
  const type = agreed(group, ({ holding }) => holding.type) ?? 'mixed'
  if (groupBy === 'type') return { name: type, type }
  if (groupBy === 'account') return { name: first?.account.name ?? '', type }
  const price = agreed(group, ({ holding }) => holding.price)
  return {
    ...known({
      security_id: agreed(group, ({ holding }) => holding.securityId),
      ticker: agreed(group, ({ holding }) => holding.ticker),
    }),
    name: first?.holding.name ?? '',
    type,
    quantity: Number(sumOfDecimals(group.map(({ holding }) => holding.quantity))),
    ...known({
      price: price === null ? null : Number(price),
      price_as_of: agreed(group, ({ holding }) => holding.priceAsOf),
    }),
  }
}

function worthOf(group: readonly Line[], currencies: ReadonlyMap<string, readonly Line[]>) {
  const currency = currencyOf(group)
  const value = valueOf(group)
  const known = { ...untoldOf(group), ...costOf(group) }
  if (value === null) return { ...known, currency }
  const whole = valueOf(currencies.get(currency) ?? []) ?? 0
  const weight = whole > 0 ? scale(value, WEIGHT_UNITS, whole) / WEIGHT_UNITS : 0
  return { value: toMajor(value, currency), ...known, weight, currency }
}

function untoldOf(group: readonly Line[]): { without_value?: number } {
  const { length } = withoutValue(group)
  return length === 0 ? {} : { without_value: length }
}

/** The official ones, that of most holdings first. */
function currenciesOf(lines: readonly Line[]): ReadonlyMap<string, readonly Line[]> {
  const groups = Map.groupBy(lines, ({ holding }) => holding.currency)
  const official = [...groups].filter(([currency]) => isOfficial(currency))
  return new Map(official.sort(([a, inA], [b, inB]) => inB.length - inA.length || compare(a, b)))
}

function totalsOf(currency: string, group: readonly Line[]): PositionTotals[] {
  const whole = valueOf(group)
  if (whole === null) return []
  const byType = Map.groupBy(group, ({ holding }) => holding.type)
  const values = [...byType].flatMap(([type, lines]) => {
    const value = valueOf(lines)
    return value === null ? [] : [[type, toMajor(value, currency)] as const]
  })
  return [
    {
      currency,
      value: toMajor(whole, currency),
      ...untoldOf(group),
      ...costOf(group),
      by_type: Object.fromEntries(values),
    },
  ]
}

/** The fields that have a value. */
function known<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== null)
  // Object.fromEntries forgets which value belongs to which key.
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> }
}

function inOrder(a: Position, b: Position, currencies: readonly string[]): number {
  // Reversed, so that a currency without a total, at -1, comes last.
  const order = currencies.toReversed()
  const rank = ({ currency }: Position) => order.indexOf(currency)
  return (
    rank(b) - rank(a) ||
    compare(a.currency, b.currency) ||
    byValue(a, b) ||
    compare(a.name, b.name) ||
    compare(a.account_id ?? '', b.account_id ?? '')
  )
}

/** Those without a value come last. */
function byValue({ value: a }: Position, { value: b }: Position): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return b - a
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
