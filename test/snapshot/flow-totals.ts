import { type CurrencyFlow, flowOfJudged } from '../../src/snapshot/flow.ts'
import { type FlowRow, judge, type Window } from '../../src/snapshot/index.ts'

/** The flow of rows that nobody has judged yet. */
export function flowTotals(rows: readonly FlowRow[], window: Window): CurrencyFlow[] {
  return flowOfJudged(judge(rows), window)
}
