/** One line of the report. */
export interface Figure {
  readonly name: string
  readonly unit: 'ms' | 'MiB' | 'kB' | 'characters'
  readonly value: number
  /** The same on the least that could do it, measured in the same run. */
  readonly floor?: number
  /** How many times the floor it may be; without a floor, how much at all. */
  readonly budget?: number
}

/** Beside a missed budget stands MISSED. */
export function lineOf({ name, unit, value, floor, budget }: Figure): string {
  const measure = floor === undefined ? value : value / floor
  const times = floor === undefined ? '' : 'x'
  const columns = [
    name.padEnd(46),
    `${round(value)} ${unit}`.padStart(16),
    (floor === undefined ? '-' : `${round(floor)} ${unit}`).padStart(14),
    (floor === undefined ? '-' : measure.toFixed(2)).padStart(7),
    (budget === undefined ? 'reported' : `<= ${budget}${times}`).padStart(10),
  ]
  const verdict = budget === undefined ? '' : measure <= budget ? '  ok' : '  MISSED'
  return columns.join('') + verdict
}

export const heading = `${'figure'.padEnd(46)}${'ours'.padStart(16)}${'floor'.padStart(14)}${'ratio'.padStart(7)}${'budget'.padStart(10)}`

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function round(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toFixed(1)
}
