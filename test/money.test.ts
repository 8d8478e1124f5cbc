import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decimalText,
  digitsOf,
  formatMoney,
  isOfficial,
  majorText,
  scale,
  toMajor,
  toMinor,
  worthAt,
} from '../src/money.ts'

const currencies = ['USD', 'EUR', 'JPY', 'KWD', 'CLF', 'IQD', 'BTC']
const safe = fc.integer({ min: -9_000_000_000_000_000, max: 9_000_000_000_000_000 })

describe('decimalText', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [12.34, '12.34'],
    [-0.1, '-0.1'],
    [1e-7, '0.0000001'],
    [-1.5e-7, '-0.00000015'],
    [1e21, '1000000000000000000000'],
    [1.25e22, '12500000000000000000000'],
    [123456789.123, '123456789.123'],
  ])('%d is %s', (n, text) => expect(decimalText(n)).toBe(text))

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (n) => {
    expect(() => decimalText(n)).toThrow('not a finite number')
  })

  it('means the same number, and has no exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        const text = decimalText(n)
        expect(text).toMatch(/^-?\d+(\.\d+)?$/)
        expect(Number(text) === n).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('toMinor', () => {
  it.each([
    [12.34, 'USD', 1234],
    [-12.34, 'USD', -1234],
    [1.005, 'USD', 101],
    [-1.005, 'USD', -101],
    [1.0049999, 'USD', 100],
    [4.35, 'USD', 435],
    [0.1 + 0.2, 'USD', 30],
    [0.004, 'USD', 0],
    [-0.004, 'USD', 0],
    [1e-7, 'USD', 0],
    [89.4000000001, 'USD', 8940],
    [999.5, 'JPY', 1000],
    [-999.5, 'JPY', -1000],
    [999.4, 'JPY', 999],
    [1.2345, 'KWD', 1235],
    [1.5, 'IQD', 1500],
    [0.12345678, 'BTC', 12345678],
    [9007199254740991, 'JPY', 9007199254740991],
  ])('%d %s is %d', (amount, currency, minor) => expect(toMinor(amount, currency)).toBe(minor))

  it('has no negative zero', () => expect(Object.is(toMinor(-0.001, 'USD'), 0)).toBe(true))

  it.each([
    [9007199254740992, 'JPY'],
    [90071992547409.92, 'USD'],
    [-1e21, 'USD'],
    [100_000_000, 'BTC'],
    [Number.NaN, 'USD'],
  ])('refuses %d %s', (amount, currency) => {
    expect(() => toMinor(amount, currency)).toThrow(RangeError)
  })

  it('goes to major units and back without a difference, as far as a double has the digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e15, max: 1e15 }),
        fc.constantFrom(...currencies),
        (minor, currency) => {
          expect(toMinor(toMajor(minor, currency), currency)).toBe(minor)
        },
      ),
      { numRuns: 20_000 },
    )
  })
})

describe('currencies', () => {
  it('has three-letter codes, each once, that the platform knows too', () => {
    const known = Intl.supportedValuesOf('currency').filter(isOfficial)
    expect(known.length).toBeGreaterThan(150)
    expect(known).toEqual(expect.arrayContaining(['USD', 'EUR', 'CAD', 'JPY', 'XAF', 'ZWG']))
  })

  it.each(['BTC', 'ETH', 'USDC', 'XXX', 'XAU', 'XTS', '', 'usd'])(
    '%s is not official and has 8 digits',
    (code) => {
      expect(isOfficial(code)).toBe(false)
      expect(digitsOf(code)).toBe(8)
    },
  )

  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['XPF', 0],
    ['KWD', 3],
    ['IQD', 3],
    ['UYW', 4],
    ['CLF', 4],
  ])('%s has %d digits', (code, digits) => {
    expect(isOfficial(code)).toBe(true)
    expect(digitsOf(code)).toBe(digits)
  })
})

describe('majorText and toMajor', () => {
  it.each([
    [0, 'USD', '0.00'],
    [5, 'USD', '0.05'],
    [-5, 'USD', '-0.05'],
    [123456, 'USD', '1234.56'],
    [-1000, 'JPY', '-1000'],
    [1, 'BTC', '0.00000001'],
  ])('%d %s is %s', (minor, currency, text) => {
    expect(majorText(minor, currency)).toBe(text)
    expect(toMajor(minor, currency)).toBe(Number(text))
  })

  it('keeps every digit in the text, also where a double no longer would', () => {
    fc.assert(
      fc.property(safe, fc.constantFrom(...currencies), (minor, currency) => {
        const text = majorText(minor, currency)
        expect(text.split('.')[1]?.length ?? 0).toBe(digitsOf(currency))
        expect(BigInt(text.replace('.', ''))).toBe(BigInt(minor))
      }),
      { numRuns: 20_000 },
    )
  })

  it.each([0.5, 2 ** 53, Number.NaN])('refuses %d', (minor) => {
    expect(() => toMajor(minor, 'USD')).toThrow(RangeError)
  })
})

describe('scale', () => {
  it.each([
    [-1000, 30, 30, -1000],
    [-1000, 30, 7, -4286],
    [5, 1, 2, 3],
    [-5, 1, 2, -3],
    [1, 1, 3, 0],
    [-1, 1, 3, 0],
    [0, 30, 365, 0],
    [9_000_000_000_000_000, 30, 31, 8_709_677_419_354_839],
  ])('%d x %d / %d is %d', (amount, times, per, result) => expect(scale(amount, times, per)).toBe(result))

  it('refuses a result beyond 2^53', () => {
    expect(() => scale(9_000_000_000_000_000, 30, 1)).toThrow('more than 2^53 minor units')
  })
})

describe('formatMoney', () => {
  it.each([
    [123456, 'USD', '$1,234.56'],
    [-123456789, 'USD', '-$1,234,567.89'],
    [5, 'USD', '$0.05'],
    [100000, 'CAD', 'CA$1,000.00'],
    [1000, 'JPY', '¥1,000'],
    [250, 'EUR', '€2.50'],
    [-250, 'GBP', '-£2.50'],
    [0, 'USD', '$0.00'],
    [-1250, 'CHF', '-CHF 12.50'],
    [50_000_000, 'BTC', 'BTC 0.5'],
    [300_000_000, 'BTC', 'BTC 3'],
    [10_010_000, 'BTC', 'BTC 0.1001'],
  ])('%d %s', (minor, currency, text) => expect(formatMoney(minor, currency)).toBe(text))
})

describe('what pieces are worth', () => {
  it.each([
    ['10.5', '42.125', 'USD', 44_231],
    ['0.1', '0.35', 'USD', 4],
    ['-0.1', '0.35', 'USD', -4],
    ['3', '7', 'JPY', 21],
    ['0.00000001', '93017.5', 'USD', 0],
  ])('%s at %s %s are rounded once', (quantity, price, currency, worth) => {
    expect(worthAt(quantity, price, currency)).toBe(worth)
  })

  it('is no number where that would not be exact', () => {
    expect(() => worthAt('1000000000', '1000000', 'USD')).toThrow(RangeError)
  })
})
