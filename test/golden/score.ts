import { toMinor } from '../../src/money.ts'
import { isFlowAccount } from '../../src/snapshot/row.ts'
import type { Figures, Measured, Row } from './measure.ts'

/** How much of what was found is true, and how much of what is true was found; 0 to 1. */
export interface Score {
  readonly precision: number
  readonly recall: number
}

/** Rows that were given their true other side. */
export function scoreOfPairs(rows: readonly Row[]): Score {
  return scoreOf(rows, ({ partnerId, label }) => partnerId === label?.partnerId)
}

/** Rows that were seen to be one side of a move, whichever of several equal ones was taken for the other. */
export function scoreOfMoves(rows: readonly Row[]): Score {
  return scoreOf(rows, ({ partnerId, label }) => partnerId !== null && hasPartner(label))
}

function scoreOf(rows: readonly Row[], isRight: (row: Row) => boolean): Score {
  const found = rows.filter(({ partnerId }) => partnerId !== null)
  const right = found.filter((row) => isRight(row)).length
  return {
    precision: right / found.length,
    recall: right / rows.filter(({ label }) => hasPartner(label)).length,
  }
}

/** An exchange has two sides too, which are no pair: each counts in its own currency. */
function hasPartner(label: Row['label']): boolean {
  return label !== undefined && label.partnerId !== null && label.kind !== 'exchange'
}

/**
 * How far figures are off: what the months differ from the truth by, added up, as a share of the year's true income
 * or expenses. The net is held against the income, as it may itself be next to nothing.
 */
export interface Errors {
  readonly income: number
  readonly expenses: number
  readonly net: number
}

type Flow = Errors

/** What was told of each month, by whichever way, and what should have been. */
export interface Told {
  readonly figures: readonly {
    readonly ours: Pick<Figures['ours'], 'currency' | 'income' | 'expenses' | 'net_cash_flow'>
    readonly truth: Figures['truth']
  }[]
}

export function errorsOf({ figures }: Told): Errors {
  return errors(figures.map(({ ours, truth }) => [minor(ours), flowOf(truth)]))
}

/** The same for the plain sum: all that comes in, and all that goes out, of bank and card accounts. */
export function naiveErrorsOf({ figures, rows }: Measured): Errors {
  return errors(figures.map(({ truth }) => [naive(rows, truth), flowOf(truth)]))
}

function errors(pairs: readonly (readonly [found: Flow, truth: Flow])[]): Errors {
  const sum = (value: (pair: readonly [Flow, Flow]) => number) =>
    pairs.reduce((total, pair) => total + Math.abs(value(pair)), 0)
  const income = sum(([, truth]) => truth.income)
  return {
    income: sum(([found, truth]) => found.income - truth.income) / income,
    expenses: sum(([found, truth]) => found.expenses - truth.expenses) / sum(([, truth]) => truth.expenses),
    net: sum(([found, truth]) => found.net - truth.net) / income,
  }
}

function minor({
  currency,
  income = Number.NaN,
  expenses = Number.NaN,
  net_cash_flow = Number.NaN,
}: Told['figures'][number]['ours']) {
  return {
    income: toMinor(income, currency),
    expenses: toMinor(expenses, currency),
    net: toMinor(net_cash_flow, currency),
  }
}

function flowOf({ income, expenses }: Figures['truth']): Flow {
  return { income, expenses, net: income + expenses }
}

function naive(rows: readonly Row[], { month, currency }: Figures['truth']): Flow {
  const amounts = rows
    .map(({ flow }) => flow)
    .filter(
      (flow) => isFlowAccount(flow.accountType) && flow.currency === currency && flow.date.startsWith(month),
    )
    .map(({ amount }) => amount)
  const sum = (wanted: (amount: number) => boolean) =>
    amounts.filter((amount) => wanted(amount)).reduce((total, amount) => total + amount, 0)
  const [income, expenses] = [sum((amount) => amount > 0), sum((amount) => amount < 0)]
  return { income, expenses, net: income + expenses }
}

/** One line of the errors that a person would see. */
export function sayErrors(name: string, errors: Errors): void {
  const off = (key: keyof Errors) => `${key} off ${percent(errors[key])}`
  process.stdout.write(`golden: ${name}: ${off('income')}, ${off('expenses')}, ${off('net')}\n`)
}

/** One line of figures, ours beside those of the plain sum. */
export function say(name: string, measured: Measured): void {
  const { rows } = measured
  const [pairs, moves] = [scoreOfPairs(rows), scoreOfMoves(rows)]
  const [ours, plain] = [errorsOf(measured), naiveErrorsOf(measured)]
  const off = (key: keyof Errors) => `${key} off ${percent(ours[key])} (plain sum ${percent(plain[key])})`
  const told = ({ precision, recall }: Score) => `${precision.toFixed(4)}/${recall.toFixed(4)}`
  const counts = `${rows.length} rows, ${rows.filter(({ label }) => hasPartner(label)).length / 2} pairs`
  const found = `precision/recall of moves ${told(moves)}, of exact pairs ${told(pairs)}`
  process.stdout.write(
    `golden: ${name}: ${counts}: ${found}; ${off('income')}, ${off('expenses')}, ${off('net')}\n`,
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
