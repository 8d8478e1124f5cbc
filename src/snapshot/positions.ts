import type { Account, Holding } from '../model.ts'
import { isOfficial, scale, toMajor } from '../money.ts'
import { agreed, costOf, currencyOf, type Line, linesOf, valueOf } from './lines.ts'
import { sumOfDecimals } from './quantity.ts'

export const groupings = ['none', 'security', 'type', 'account'] as const
export type Grouping = (typeof groupings)[number]

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
  readonly value: number
  readonly cost_basis?: number
  readonly unrealized_gain?: number
  /** Share of the total of its currency, to four decimals; 0 in an unofficial currency, which has no total. */
  readonly weight: number
  readonly currency: string
}

export interface PositionTotals {
  readonly currency: string
  readonly value: number
  readonly cost_basis?: number
  readonly unrealized_gain?: number
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
  options: { readonly groupBy: Grouping; readonly institutions: ReadonlyMap<string, string> },
): { positions: Position[]; totals: PositionTotals[] } {
  const lines = linesOf(holdings, accounts)
  const official = lines.filter(({ holding }) => isOfficial(holding.currency))
  const byCurrency = Map.groupBy(official, ({ holding }) => holding.currency)
  const wholes = new Map([...byCurrency].map(([currency, group]) => [currency, valueOf(group)]))
  const groups = Map.groupBy(lines, (line) => keyOf(line, options.groupBy))
  return {
    positions: [...groups.values()]
      .sort((a, b) => inOrder(a, b, byCurrency))
      .map((group) => positionOf(group, options, wholes)),
    totals: [...byCurrency]
      .sort(([, a], [, b]) => b.length - a.length || compare(currencyOf(a), currencyOf(b)))
      .map(([currency, group]) => totalsOf(currency, group)),
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

function positionOf(
  group: readonly Line[],
  {
    groupBy,
    institutions,
  }: { readonly groupBy: Grouping; readonly institutions: ReadonlyMap<string, string> },
  wholes: ReadonlyMap<string, number>,
): Position {
  const currency = currencyOf(group)
  const value = valueOf(group)
  return {
    ...placeOf(group, institutions),
    ...securityOf(group, groupBy),
    value: toMajor(value, currency),
    ...costOf(group),
    weight: weightOf(value, wholes.get(currency) ?? 0),
    currency,
  }
}

function placeOf(group: readonly Line[], institutions: ReadonlyMap<string, string>) {
  const itemId = agreed(group, ({ holding }) => holding.itemId)
  const accountId = agreed(group, ({ holding }) => holding.accountId)
  return {
    ...field('item_id', itemId),
    ...field('institution', itemId === null ? null : (institutions.get(itemId) ?? null)),
    ...field('account_id', accountId),
    ...field('account', accountId === null ? null : agreed(group, ({ account }) => account.name)),
  }
}

function securityOf(group: readonly Line[], groupBy: Grouping) {
  const [first] = group
  const type = agreed(group, ({ holding }) => holding.type) ?? 'mixed'
  if (groupBy === 'type') return { name: type, type }
  if (groupBy === 'account') return { name: first?.account.name ?? '', type }
  const price = agreed(group, ({ holding }) => holding.price)
  return {
    ...field(
      'security_id',
      agreed(group, ({ holding }) => holding.securityId),
    ),
    ...field(
      'ticker',
      agreed(group, ({ holding }) => holding.ticker),
    ),
    name: first?.holding.name ?? '',
    type,
    quantity: Number(sumOfDecimals(group.map(({ holding }) => holding.quantity))),
    ...field('price', price === null ? null : Number(price)),
    ...field(
      'price_as_of',
      agreed(group, ({ holding }) => holding.priceAsOf),
    ),
  }
}

function totalsOf(currency: string, group: readonly Line[]): PositionTotals {
  const byType = Map.groupBy(group, ({ holding }) => holding.type)
  const values = [...byType].map(([type, lines]) => [type, toMajor(valueOf(lines), currency)] as const)
  return {
    currency,
    value: toMajor(valueOf(group), currency),
    ...costOf(group),
    by_type: Object.fromEntries(values),
  }
}

function weightOf(value: number, whole: number): number {
  return whole > 0 ? scale(value, 10_000, whole) / 10_000 : 0
}

function field<Key extends string, Value>(key: Key, value: Value | null): Partial<Record<Key, Value>> {
  // TypeScript widens a computed key to string.
  return value === null ? {} : ({ [key]: value } as Record<Key, Value>)
}

function inOrder(
  a: readonly Line[],
  b: readonly Line[],
  byCurrency: ReadonlyMap<string, readonly Line[]>,
): number {
  const size = (group: readonly Line[]) => byCurrency.get(currencyOf(group))?.length ?? 0
  return (
    size(b) - size(a) ||
    compare(currencyOf(a), currencyOf(b)) ||
    valueOf(b) - valueOf(a) ||
    compare(idOf(a), idOf(b))
  )
}

function idOf([first]: readonly Line[]): string {
  return first === undefined
    ? ''
    : [first.holding.name, first.holding.securityId, first.holding.accountId].join(' ')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
