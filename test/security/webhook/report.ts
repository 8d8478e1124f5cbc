/** A line of the report, for the log of the run. */
export function say(line: string): void {
  process.stdout.write(`webhook security: ${line}\n`)
}

/** In ms, of those given. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
}
