import { addMonths, bankingDay, dayIn, lengthOf } from './calendar.ts'
import { categoryOf } from './category.ts'
import { chanceOf } from './chance.ts'
import type { Entry } from './household-entry.ts'
import type { Bill } from './household-habits.ts'
import { bothSides } from './household-moves.ts'

type Range = readonly [least: number, most: number]

interface Client {
  readonly text: string
  readonly category: Bill['category']
  /** Invoices that are paid in a month. */
  readonly times: Range
  /** Cents of one. */
  readonly cents: Range
  /** 1-12, where it is not every month. */
  readonly months?: readonly number[]
}

const clients: readonly Client[] = [
  {
    text: 'BRIGHTLINE MEDIA AP PAYMENT',
    category: categoryOf('INCOME', 'OTHER', 'HIGH'),
    times: [1, 1],
    cents: [240_000, 240_000],
  },
  {
    text: 'ACH CREDIT FERNWOOD STUDIO INV',
    category: categoryOf('INCOME', 'OTHER', 'HIGH'),
    times: [0, 2],
    cents: [118_000, 452_500],
  },
  {
    // Plaid makes nothing of the name.
    text: 'OAKHURST & PARTNERS LLC',
    category: categoryOf('OTHER', 'OTHER', 'LOW'),
    times: [0, 1],
    cents: [305_000, 748_000],
  },
  {
    text: 'GIGBOARD PAYOUT',
    category: categoryOf('INCOME', 'GIG_ECONOMY', 'VERY_HIGH'),
    times: [1, 4],
    cents: [14_250, 69_900],
  },
  {
    // Money by wire looks like a transfer, and is the pay for work all the same.
    text: 'WIRE TYPE:INTL IN ORG:NORDLYS AS',
    category: categoryOf('TRANSFER_IN', 'TRANSFER_IN_FROM_WIRE', 'HIGH'),
    times: [1, 1],
    cents: [281_000, 604_000],
    months: [2, 5, 9, 11],
  },
]

/** What clients pay in a month, each on whatever day it suits them. */
export function invoicesIn(month: string, seed: string): Entry[] {
  const paying = clients.filter(({ months }) => months?.includes(Number(month.slice(5))) ?? true)
  return paying.flatMap((client) => {
    const chance = chanceOf(seed, month, client.text)
    return Array.from({ length: chance.between(...client.times) }, (_, index) => {
      const day = bankingDay(dayIn(month, chance.between(1, lengthOf(month))))
      return income(`${month} ${client.text} ${index}`, day, -chance.between(...client.cents), client)
    })
  })
}

function income(key: string, day: string, cents: number, { text, category }: Client): Entry {
  const own = { key, account: 'business', happened: day, posted: day, cents, text, category }
  return { ...own, merchant: null, kind: 'income', partner: null, partnerKey: null }
}

const setAside = {
  from: {
    account: 'business',
    text: 'ONLINE XFER TO TAX SAVINGS 6138',
    category: categoryOf('TRANSFER_OUT', 'SAVINGS', 'VERY_HIGH'),
  },
  to: {
    account: 'taxes',
    text: 'ONLINE XFER FROM BUSINESS CHK 6120',
    category: categoryOf('TRANSFER_IN', 'ACCOUNT_TRANSFER', 'VERY_HIGH'),
  },
} as const

/** A quarter of last month's pay is kept for the taxes. */
export function setAsideIn(month: string, seed: string): Entry[] {
  const cents = Math.floor(earnedIn(addMonths(month, -1), seed) / 4_000) * 1_000
  if (cents === 0) return []
  const day = dayIn(month, 3)
  return bothSides({ key: `${month} set aside`, day, travels: 0, cents, kind: 'transfer', ...setAside })
}

const agencies = [
  { text: 'IRS USATAXPYMT', percent: 18 },
  { text: 'STATE FRANCHISE TAX BD PYMT', percent: 6 },
] as const
/** Estimated taxes are due in these months, on the pay since the last time. */
const dueMonths: Readonly<Record<string, number>> = { '01': 4, '04': 3, '06': 2, '09': 3 }

/** Each payment is fetched from the savings first, so that the same sum moves and is spent within days. */
export function taxesIn(month: string, seed: string): Entry[] {
  const count = dueMonths[month.slice(5)]
  if (count === undefined) return []
  const months = Array.from({ length: count }, (_, back) => addMonths(month, -1 - back))
  const earned = months.reduce((sum, each) => sum + earnedIn(each, seed), 0)
  return agencies.flatMap(({ text, percent }) => payTax(month, text, Math.round((earned * percent) / 100)))
}

function payTax(month: string, text: string, cents: number): Entry[] {
  const day = bankingDay(dayIn(month, 15))
  const fetched = bothSides({
    key: `${month} fetch ${text}`,
    day: dayIn(month, 13),
    travels: 0,
    cents,
    kind: 'transfer',
    from: { ...setAside.to, text: 'ONLINE XFER TO BUSINESS CHK 6120', category: setAside.from.category },
    to: { ...setAside.from, text: 'ONLINE XFER FROM TAX SAVINGS 6138', category: setAside.to.category },
  })
  const category = categoryOf('GOVERNMENT_AND_NON_PROFIT', 'TAX_PAYMENT', 'VERY_HIGH')
  const row = {
    key: `${month} ${text}`,
    account: 'business',
    happened: day,
    posted: day,
    cents,
    text,
    category,
  }
  return [...fetched, { ...row, merchant: null, kind: 'expense', partner: null, partnerKey: null }]
}

function earnedIn(month: string, seed: string): number {
  return invoicesIn(month, seed).reduce((sum, { cents }) => sum - cents, 0)
}
