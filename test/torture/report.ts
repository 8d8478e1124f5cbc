import { availableParallelism, loadavg } from 'node:os'

/** So many want to run that how long something takes says nothing about it. */
export function isOverrun(): boolean {
  return (loadavg()[0] ?? 0) > 4 * availableParallelism()
}

/** Figures beside their targets, with how busy the machine was: times say little where others use it. */
export function say(line: string): void {
  const load = loadavg()[0]?.toFixed(1)
  process.stdout.write(`torture: ${line} [load ${load} on ${availableParallelism()} cores]\n`)
}
