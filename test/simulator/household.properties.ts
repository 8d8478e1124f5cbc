import { describe, expect, it } from 'vitest'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { addDays, monthOf, monthsBetween } from '../../src/simulator/calendar.ts'
import { institutions } from '../../src/simulator/institutions.ts'
import { bankDataOf } from '../../src/simulator/login.ts'
import { deviationsOf, hasPlaidFiles } from './conformity.ts'

const today = '2026-11-21'
const familyBanks = ['ins_109508', 'ins_109511', 'ins_109512'] as const
const closed = ['ins_132361', 'ins_133402']
const openBanks = institutions.map((bank) => bank.institution_id).filter((id) => !closed.includes(id))

function bankOn(day: string, institutionId: string, itemSeed = 'item'): BankData {
  return bankDataOf({ institutionId, username: 'user_good', password: 'pass_good', itemSeed, today: day })
}

function accountNamed(data: BankData, name: string) {
  const account = data.accounts.find((each) => each.name === name)
  if (account === undefined) throw new Error(`no account ${name}`)
  return account
}

function cents(amount: number | null | undefined): number {
  return Math.round((amount ?? Number.NaN) * 100)
}

/** Plaid's sign, as the balance of the account moves. */
function postedSum(data: BankData, accountId: string, after: string): number {
  const rows = data.transactions.filter((row) => row.account_id === accountId && !row.pending)
  return rows.filter(({ date }) => date > after).reduce((sum, { amount }) => sum + cents(amount), 0)
}

describe.skipIf(!hasPlaidFiles)("Plaid's schemas (skipped without its published files)", () => {
  it.each(openBanks)('%s shows only what Plaid could show', (institutionId) => {
    expect(deviationsOf(bankOn(today, institutionId))).toEqual([])
  })
})

describe('who banks where', () => {
  it.each([
    ['ins_109508', ['Everyday Checking', 'Rainy Day Savings', 'Platypus Rewards Card', 'Home Mortgage']],
    ['ins_109511', ['Tartan Checking', 'Tartan Cash Card']],
    ['ins_109512', ['Joint Brokerage', 'Traditional IRA']],
    ['ins_109509', ['Checking', 'Savings']],
    ['ins_128026', ['Checking', 'Savings', 'Travel Card']],
    ['ins_43', ['Chequing', 'High Interest Savings', 'Dominion Visa']],
    ['ins_900101', ['Business Checking', 'Tax Savings', 'Business Card']],
    ['ins_900102', ['Share Draft Checking', 'Share Savings']],
    ['ins_900103', ['Cross-Border Checking', 'Paisley Card']],
    ['ins_900104', ['Investing Account']],
  ])('%s', (institutionId, names) => {
    expect(bankOn(today, institutionId).accounts.map(({ name }) => name)).toEqual(names)
  })

  it('accounts of two small banks are not mistaken for each other', () => {
    const masks = openBanks.map((id) =>
      bankOn(today, id)
        .accounts.map(({ mask }) => mask)
        .join(),
    )
    expect(new Set(masks).size).toBe(openBanks.length)
  })
})

describe('the same household on every run', () => {
  it.each(familyBanks)('%s', (institutionId) => {
    expect(bankOn(today, institutionId)).toEqual(bankOn(today, institutionId))
  })

  it('a second Item has the same life under other ids', () => {
    const [one, other] = [bankOn(today, 'ins_109508', 'one'), bankOn(today, 'ins_109508', 'other')]
    const facts = (data: BankData) => data.transactions.map(({ date, amount, name }) => [date, amount, name])
    const ids = (data: BankData) => data.transactions.map((row) => row.transaction_id)
    expect(facts(one)).toEqual(facts(other))
    expect(ids(one).filter((id) => ids(other).includes(id))).toEqual([])
  })

  it('every id is Plaid-like and given once', () => {
    const data = familyBanks.map((id) => bankOn(today, id))
    const rows = data.flatMap(({ transactions }) => transactions.map((row) => row.transaction_id))
    const bookings = data.flatMap((each) =>
      each.investmentTransactions.map((row) => row.investment_transaction_id),
    )
    const accounts = data.flatMap((each) => each.accounts.map((account) => account.account_id))
    const ids = [...rows, ...bookings, ...accounts]
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[A-Za-z0-9]{37}$/.test(id))).toEqual([])
  })
})

describe('as days pass', () => {
  it.each(['ins_109508', 'ins_109511'])('posted rows of %s stay as they are', (institutionId) => {
    const before = bankOn(today, institutionId).transactions.filter(({ pending }) => !pending)
    const later = new Map(
      bankOn(addDays(today, 9), institutionId).transactions.map((row) => [row.transaction_id, row]),
    )
    expect(before.length).toBeGreaterThan(1_000)
    for (const row of before) {
      expect(later.get(row.transaction_id)).toEqual(row)
    }
  })

  it('a pending row posts under another id that names the old one', () => {
    const pending = bankOn(today, 'ins_109508').transactions.filter((row) => row.pending)
    const later = bankOn(addDays(today, 5), 'ins_109508').transactions
    expect(pending.length).toBeGreaterThan(1)
    for (const row of pending) {
      const posted = later.filter((each) => each.pending_transaction_id === row.transaction_id)
      expect(posted).toHaveLength(1)
      expect(posted[0]).toMatchObject({ pending: false, authorized_date: row.date, name: row.name })
      expect(later.some((each) => each.transaction_id === row.transaction_id)).toBe(false)
    }
  })

  it('only purchases of the last days are pending', () => {
    const days = Array.from({ length: 12 }, (_, back) => addDays(today, -back))
    for (const day of days) {
      const rows = bankOn(day, 'ins_109511').transactions
      const pending = rows.filter((row) => row.pending)
      expect(pending.every(({ date }) => date <= day && date >= addDays(day, -4))).toBe(true)
      expect(rows.every(({ date }) => date <= day)).toBe(true)
    }
  })

  it('a restaurant bill grows by the tip when it posts', () => {
    const days = Array.from({ length: 8 }, (_, back) => addDays(today, -2 * back))
    const seen = days.flatMap((day) => bankOn(day, 'ins_109508').transactions.filter((row) => row.pending))
    const tipped = seen.find(({ name }) => name === 'TST* LITTLE LANTERN')
    const posted = bankOn(today, 'ins_109508').transactions.find(
      (row) => row.pending_transaction_id === tipped?.transaction_id,
    )
    expect(posted?.amount ?? 0).toBeGreaterThan(tipped?.amount ?? Number.POSITIVE_INFINITY)
  })
})

describe('balances', () => {
  const names = ['Everyday Checking', 'Rainy Day Savings', 'Platypus Rewards Card']
  it.each(names)('%s closes at its opening plus what was posted', (name) => {
    const start = addDays(today, -200)
    const [then, now] = [bankOn(start, 'ins_109508'), bankOn(today, 'ins_109508')]
    const [opening, closing] = [accountNamed(then, name), accountNamed(now, name)]
    const moved = postedSum(now, closing.account_id, start) * (closing.type === 'credit' ? 1 : -1)
    expect(cents(closing.balances.current)).toBe(cents(opening.balances.current) + moved)
  })

  it.each([
    ['ins_109508', 'Everyday Checking'],
    ['ins_109508', 'Platypus Rewards Card'],
    ['ins_109511', 'Tartan Cash Card'],
  ])('%s %s: what is pending is no longer available', (institutionId, name) => {
    const data = bankOn(today, institutionId)
    const { account_id, balances, type } = accountNamed(data, name)
    const held = data.transactions
      .filter((row) => row.pending && row.account_id === account_id)
      .reduce((sum, { amount }) => sum + cents(amount), 0)
    const free = type === 'credit' ? cents(balances.limit) - cents(balances.current) : cents(balances.current)
    expect(cents(balances.available)).toBe(free - held)
  })

  const banksToWatch = [
    ...familyBanks,
    'ins_109509',
    'ins_128026',
    'ins_900101',
    'ins_900102',
    'ins_43',
    'ins_900103',
  ]
  it.each(banksToWatch)('%s: no account is overdrawn or over its limit in three years', (institutionId) => {
    for (let day = '2024-02-01'; day < '2027-02-01'; day = addDays(day, 41)) {
      for (const { balances, type } of bankOn(day, institutionId).accounts) {
        const { current, limit } = balances
        expect(current).toBeGreaterThan(type === 'credit' ? -1_000 : 0)
        expect(current).toBeLessThan(limit ?? Number.POSITIVE_INFINITY)
      }
    }
  })
})

describe('a year of it', () => {
  it('has twelve full months of 100 to 200 rows', () => {
    const rows = familyBanks.flatMap((id) => {
      const { transactions, investmentTransactions } = bankOn(today, id)
      return [...transactions, ...investmentTransactions].map(({ date }) => monthOf(date))
    })
    const months = monthsBetween('2025-11', '2026-10')
    const counts = months.map((month) => rows.filter((each) => each === month).length)
    expect(counts).toHaveLength(12)
    expect(Math.min(...counts)).toBeGreaterThan(100)
    expect(Math.max(...counts)).toBeLessThan(200)
  })

  it('pays each card in full from a checking account, the other side a working day later', () => {
    const first = bankOn(today, 'ins_109508')
    const card = accountNamed(first, 'Platypus Rewards Card').account_id
    const received = first.transactions.filter((row) => row.account_id === card && /THANK YOU/.test(row.name))
    const sent = first.transactions.filter(({ name }) => name === 'PLATYPUS REWARDS CARD AUTOPAY')
    expect(received).toHaveLength(33)
    expect(received.map(({ amount }) => -amount)).toEqual(sent.map(({ amount }) => amount))
  })

  it('moves money between its banks, seen at both', () => {
    const [first, second] = [bankOn(today, 'ins_109508'), bankOn(today, 'ins_109511')]
    const sent = second.transactions.filter(
      ({ name }) => name === 'Online transfer to First Platypus CHK 4021',
    )
    const got = first.transactions.filter(({ name }) => name === 'Online transfer from Tartan CHK 1186')
    expect(sent.length).toBeGreaterThan(20)
    expect(got.map(({ amount }) => -amount)).toEqual(sent.map(({ amount }) => amount))
  })
})

describe('banks that differ', () => {
  it('Capital One shows 90 days and nothing pending', () => {
    const days = Array.from({ length: 14 }, (_, back) => addDays(today, -back))
    const rows = days.flatMap((day) => bankOn(day, 'ins_128026').transactions)
    expect(rows.some(({ pending }) => pending)).toBe(false)
    expect(rows.every(({ date }) => date >= addDays(today, -13 - 90))).toBe(true)
  })

  it('Chase names an account the same through every login, others do not', () => {
    const idsAt = (bank: string, seed: string) =>
      bankOn(today, bank, seed).accounts.map((account) => account.persistent_account_id)
    expect(idsAt('ins_56', 'one')).toEqual(idsAt('ins_56', 'other'))
    expect(idsAt('ins_56', 'one').every((id) => id !== undefined)).toBe(true)
    expect(idsAt('ins_109508', 'one').every((id) => id === undefined)).toBe(true)
  })
})
