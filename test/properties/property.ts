import * as fc from 'fast-check'

/** A promise about money, and in how many made-up worlds it has to hold. */
export interface Property {
  /** What it is about, in a word or two. */
  readonly about: string
  readonly says: string
  readonly worlds: number
  /** What broke it, with the seed and the path that repeat it; null when nothing did. */
  broken(worlds: number, seed: number): Promise<string | null>
}

export function property<T>(
  about: string,
  says: string,
  worlds: number,
  holds: fc.IAsyncProperty<T> | fc.IProperty<T>,
): Property {
  return {
    about,
    says,
    worlds,
    async broken(worlds, seed) {
      const details = await fc.check(holds, { numRuns: worlds, seed, includeErrorInReport: true })
      return fc.asyncDefaultReportMessage(details).then((told) => told ?? null)
    },
  }
}

/** The seed of a run: `PROPERTY_SEED`, or a new one. */
export function seedOfRun(): number {
  const given = process.env['PROPERTY_SEED']
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
