export { type Activity, activity } from './activity.ts'
export {
  type Balances,
  balances,
  countedAccounts,
  type Unclear,
  unclearBalances,
  unofficialCurrencies,
  withWorth,
} from './balances.ts'
export { type Cadence, cadences } from './cadence.ts'
export { type CurrencyFlow, flowOfJudged, uncountedCurrencies } from './flow.ts'
export { type Excluded, type FlowGroup, flowExcluded, flowGroups, keysOf, unknownKey } from './groups.ts'
export {
  awaitsReconciliation,
  type Findings,
  healthOf,
  isReconcilable,
  type Parts,
  weights,
} from './health.ts'
export { judge, REFUND_DAYS, type Verdict } from './judge.ts'
export { type Kept, keep, restore, settled } from './keep.ts'
export { exclusionOf, exclusions, type Kind, kinds, type Look, looks } from './kinds.ts'
export { PAIR_DAYS } from './pairs.ts'
export { type Line, linesOf, withoutValue } from './lines.ts'
export { type Grouping, groupings, type Position, type PositionTotals, positions } from './positions.ts'
export { type Recurring, recurring } from './recurring.ts'
export {
  type Books,
  type KnownBalance,
  reconcile,
  type Reconciled,
  type Suspect,
  type Suspicion,
  suspicions,
} from './reconcile.ts'
export { type FlowRow, onAccounts, rowOf, rowOfInvestment, rowsOf, rowsOfDistinct } from './row.ts'
export { isMatch, underRules } from './rules.ts'
export { type Found, search } from './search.ts'
export {
  type CurrencyFigures,
  currencyFigures,
  runwayMonths,
  type Totals,
  totals,
  totalsOf,
} from './totals.ts'
export { addDays, daysBetween, isWithin, today, type Window, widen, windowOf } from './window.ts'
export { type Due } from './due.ts'
export { type Expected } from './expected.ts'
export { type Lowest } from './lowest.ts'
export { type Upcoming, upcoming } from './upcoming.ts'
