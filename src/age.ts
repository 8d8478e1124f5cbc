/** How old a time is, in ms. One that is missing, or lies ahead because the clock was set back, is infinitely old. */
export function ageOf(time: string | null, now: number): number {
  const age = time === null ? Number.NaN : now - Date.parse(time)
  return age >= 0 ? age : Number.POSITIVE_INFINITY
}
