/**
 * Money is an integer in the currency's minor unit (cents for USD, yen for JPY), beside its currency.
 *
 * The sign, stated once: positive = money comes in, or is owned. Plaid's transactions have it the other way
 * round and are turned when they come in, in src/plaid. A balance keeps Plaid's meaning: for credit and loan
 * accounts a positive one is owed.
 *
 * Amounts travel as decimal text between the two worlds; a floating-point number never takes part in a sum.
 */

// Active codes of ISO 4217, and a few withdrawn ones that banks still send. Left out on purpose: gold, test
// and "no currency" codes, which have no minor unit.
const OFFICIAL = new Set(
  (
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD ' +
    'CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP ' +
    'GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW ' +
    'KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD ' +
    'NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE ' +
    'SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED ' +
    'VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL'
  ).split(' '),
)

// Intl is no source for these: it gives IQD 0 digits and the crypto tickers 2.
const DIGITS = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map(withDigits(0)),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map(withDigits(3)),
  ...'CLF UYW'.split(' ').map(withDigits(4)),
])

const UNOFFICIAL_DIGITS = 8
const SYMBOLS = new Map([
  ['USD', '$'],
  ['CAD', 'CA$'],
  ['EUR', '€'],
  ['GBP', '£'],
  ['JPY', '¥'],
])

function withDigits(count: number) {
  return (currency: string): [string, number] => [currency, count]
}

/** False for what Plaid calls unofficial, such as crypto tickers: such amounts are never added to anything. */
export function isOfficial(currency: string): boolean {
  return OFFICIAL.has(currency)
}

/** How many decimal digits an amount of this currency has. */
export function digitsOf(currency: string): number {
  return isOfficial(currency) ? (DIGITS.get(currency) ?? 2) : UNOFFICIAL_DIGITS
}

/**
 * The shortest decimal text that means this number, never with an exponent: 1e-7 is '0.0000001'.
 * @throws RangeError for NaN and infinities
 */
export function decimalText(n: number): string {
  if (!Number.isFinite(n)) throw new RangeError('not a finite number')
  const shortest = String(n)
  if (!shortest.includes('e')) return shortest
  const [mantissa = '', exponent] = shortest.split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  return sign + moveDigits(whole + fraction, whole.length + Number(exponent))
}

/** `digits` with the decimal point after the first `point` of them. */
function moveDigits(digits: string, point: number): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`
  return digits.padEnd(point, '0')
}

/**
 * From major units, as Plaid sends them, to minor ones. Digits beyond the currency's own are rounded half
 * away from zero.
 * @throws RangeError beyond 2^53 minor units, where integers are no longer exact
 */
export function toMinor(amount: number, currency: string): number {
  const text = decimalText(amount)
  const isNegative = text.startsWith('-')
  const found = text.indexOf('.')
  const point = found === -1 ? text.length : found
  const places = digitsOf(currency)
  const end = point + 1 + places
  // The text of an integer up to 2^53 is read without loss, and that of a larger one as a larger one.
  const whole = text.slice(isNegative ? 1 : 0, point)
  const kept = Number(whole + text.slice(point + 1, end).padEnd(places, '0'))
  const size = exact(text.charAt(end) >= '5' ? kept + 1 : kept)
  return isNegative ? 0 - size : size
}

/** The nearest number to the exact decimal amount in major units: for output only. @throws RangeError */
export function toMajor(minor: number, currency: string): number {
  return Number(majorText(minor, currency))
}

/** The exact decimal text in major units: -5 USD cents are '-0.05'. @throws RangeError */
export function majorText(minor: number, currency: string): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError('not an exact amount of minor units')
  const places = digitsOf(currency)
  const text = String(Math.abs(minor)).padStart(places + 1, '0')
  const sign = minor < 0 ? '-' : ''
  if (places === 0) return sign + text
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`
}

/** `amount` x `times` / `per` without loss in between, rounded half away from zero. `per` is above 0. */
export function scale(amount: number, times: number, per: number): number {
  return exact(Number(divided(BigInt(amount) * BigInt(times), BigInt(per))))
}

/**
 * What a quantity is worth at a price in major units, both decimal text: minor units, rounded half away from zero.
 * @throws RangeError beyond 2^53 minor units
 */
export function worthAt(quantity: string, price: string, currency: string): number {
  const [pieces, each] = [wholeOf(quantity), wholeOf(price)]
  const product = pieces.digits * each.digits * 10n ** BigInt(digitsOf(currency))
  return exact(Number(divided(product, 10n ** BigInt(pieces.places + each.places))))
}

/** '-1.25' is -125 with two places. */
function wholeOf(text: string) {
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), places: fraction.length }
}

/** Rounded half away from zero. */
function divided(product: bigint, per: bigint): bigint {
  const size = product < 0n ? -product : product
  const rounded = (2n * size + per) / (2n * per)
  return product < 0n ? -rounded : rounded
}

/** For people: '$1,234.56', '-¥1,000', 'CHF 12.50', 'BTC 0.5'. */
export function formatMoney(minor: number, currency: string): string {
  const [whole = '', fraction = ''] = majorText(Math.abs(minor), currency).split('.')
  const decimals = isOfficial(currency) ? fraction : fraction.replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const number = decimals === '' ? grouped : `${grouped}.${decimals}`
  return `${minor < 0 ? '-' : ''}${SYMBOLS.get(currency) ?? `${currency} `}${number}`
}

function exact(minor: number): number {
  if (!Number.isSafeInteger(minor)) throw new RangeError('more than 2^53 minor units')
  return minor
}
