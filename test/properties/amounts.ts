import * as fc from 'fast-check'
import { expect } from 'vitest'
import { digitsOf, isOfficial, majorText, toMinor } from '../../src/money.ts'
import { property } from './property.ts'

const official = Intl.supportedValuesOf('currency').filter(isOfficial)

// ISO 4217 once more, so that a slip in the table of src/money.ts is seen.
const places = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map(having(0)),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map(having(3)),
  ...'CLF UYW'.split(' ').map(having(4)),
])

function having(digits: number) {
  return (currency: string) => [currency, digits] as const
}

function placesOf(currency: string): number {
  return places.get(currency) ?? 2
}

/** By whole numbers alone. */
function written(minor: bigint, digits: number): string {
  const size = minor < 0n ? -minor : minor
  const unit = 10n ** BigInt(digits)
  const fraction = digits === 0 ? '' : `.${String((size % unit) + unit).slice(1)}`
  return `${minor < 0n ? '-' : ''}${size / unit}${fraction}`
}

const limit = 9_000_000_000_000_000
const minorUnits = fc.oneof(
  fc.integer({ min: -limit, max: limit }),
  fc.integer({ min: -100_000, max: 100_000 }),
)
const currency = fc.constantFrom(...official)

/** Far out a double has no room for every cent: two amounts are then one number, and no program can tell. */
function isTold(minor: number, digits: number): boolean {
  const as = (n: number) => Number(written(BigInt(n), digits))
  return as(minor) !== as(minor - 1) && as(minor) !== as(minor + 1)
}

/** Digits beyond the currency's own, as text, and the nearest whole number of minor units; half goes away from zero. */
const finer = fc
  .record({
    minor: fc.integer({ min: -99_999_999, max: 99_999_999 }),
    rest: fc.integer({ min: 0, max: 999 }),
  })
  .map(({ minor, rest }) => ({ minor, rest: String(rest).padStart(3, '0') }))

export const amounts = [
  property(
    'decimals',
    'every amount of every ISO currency is its decimal text and back',
    100_000,
    fc.property(minorUnits, currency, (minor, currency) => {
      const digits = placesOf(currency)
      const text = written(BigInt(minor), digits)
      expect(digitsOf(currency)).toBe(digits)
      expect(majorText(minor, currency)).toBe(text)
      if (isTold(minor, digits)) expect(toMinor(Number(text), currency)).toBe(minor)
    }),
  ),
  property(
    'decimals',
    'digits that the currency does not have are rounded half away from zero',
    10_000,
    fc.property(finer, currency, ({ minor, rest }, currency) => {
      const away = minor < 0 ? -1 : 1
      const digits = placesOf(currency)
      const text = `${written(BigInt(minor), digits)}${digits === 0 ? '.' : ''}${rest}`
      const rounded = minor + (rest >= '500' ? away : 0)
      expect(toMinor(Number(text), currency)).toBe(rounded)
    }),
  ),
]
