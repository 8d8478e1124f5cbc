/** Numbers that a seed decides, so that a run can be repeated. */
export interface Chance {
  /** From 0 to 1, without 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  one<T>(from: readonly [T, ...T[]]): T
  shuffled<T>(list: readonly T[]): T[]
}

/** The seed of a run: `TORTURE_SEED`, or a new one; every suite prints it. */
export function seedOfRun(): number {
  const given = process.env['TORTURE_SEED']
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)
}

/** `stream` tells apart those of one seed that are used side by side. */
export function chanceOf(seed: number, stream = 0): Chance {
  let state = (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) + Math.imul(stream + 1, 0xc2b2_ae35)) >>> 0
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    one: (from) => from[between(0, from.length - 1)] ?? from[0],
    shuffled(list) {
      const left = [...list]
      return list.flatMap(() => left.splice(between(0, left.length - 1), 1))
    },
  }
}
