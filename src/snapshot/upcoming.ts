import type { Account, Liability, Span } from '../model.ts'
import { type Due, duePayments } from './due.ts'
import { type Expected, expectedItems } from './expected.ts'
import type { Verdict } from './judge.ts'
import { type Lowest, lowestBalances } from './lowest.ts'
import { recurring } from './recurring.ts'
import type { FlowRow } from './row.ts'

/** What the next days bring. */
export interface Upcoming {
  readonly due: readonly Due[]
  readonly expected: readonly Expected[]
  readonly lowest: readonly Lowest[]
}

/**
 * @param span from today on
 * @param verdicts rows of a year or more, those with their transaction at hand: what recurs is found in them
 */
export function upcoming(
  liabilities: readonly Liability[],
  accounts: readonly Account[],
  verdicts: ReadonlyMap<FlowRow, Verdict>,
  span: Span,
): Upcoming {
  const series = recurring([...verdicts.keys()], span.from)
  const due = duePayments(liabilities, accounts, verdicts, series, span)
  const expected = expectedItems(series, verdicts, due, span)
  return { due, expected, lowest: lowestBalances(accounts, expected, due, span) }
}
