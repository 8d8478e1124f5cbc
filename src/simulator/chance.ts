import { hash } from 'node:crypto'

/** Numbers that look random and are the same on every run for one text. */
export interface Chance {
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
}

export function chanceOf(...parts: readonly string[]): Chance {
  let state = Number.parseInt(hash('sha256', parts.join('\n')).slice(0, 8), 16)
  // Mulberry32: a hash for each number would make a year of a household take a second.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return { between, pick: (choices) => choices[between(0, choices.length - 1)] ?? choices[0] }
}
