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

const asked = Number(process.env['PROPERTY_WORLDS'] ?? 1)

/** In how many worlds it is tried: `PROPERTY_WORLDS` times as many as are promised. */
export function worldsOf({ worlds }: Property): number {
  return Math.ceil(worlds * asked)
}

/** Like `broken` of the property, and says how it went. */
export async function broken(property: Property, seed: number): Promise<string | null> {
  const tried = worldsOf(property)
  const told = await property.broken(tried, seed)
  const { about, says, worlds } = property
  const held = told === null ? 0 : 1
  say(`${about}: ${tried} worlds (target ${worlds}), ${held} broken (target 0), seed ${seed}: ${says}`)
  return told
}

export function say(line: string): void {
  process.stdout.write(`properties: ${line}\n`)
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
