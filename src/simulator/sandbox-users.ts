import type { Transaction } from 'plaid'
import type { BankData, Login } from './bank-data.ts'
import { addDays } from './calendar.ts'
import { guessOf } from './category.ts'
import { chanceOf } from './chance.ts'
import { plaidFailure } from './failure.ts'
import { idOf } from './ids.ts'
import { liabilitiesShape } from './liabilities.ts'
import { accountShape, type Plain, rounded, transactionShape } from './shapes.ts'

const shops = [
  'Starbucks Store 0123',
  'Uber 072515 SF**POOL**',
  'McDonalds #3322',
  'Touchstone Climbing',
  'United Airlines',
  'SparkFun',
  'Whole Foods Market',
] as const

/** `user_transactions_dynamic`: fifty rows of a month, the last days' pending, on one account and a card. */
export function dynamicUser({ itemSeed, today }: Login): BankData {
  const ids = [idOf(itemSeed, 'account', 'checking'), idOf(itemSeed, 'account', 'card')] as const
  const chance = chanceOf(itemSeed, 'dynamic')
  const transactions = Array.from({ length: 50 }, (_, index) => {
    const date = addDays(today, -Math.floor((index * 29) / 50))
    // A third of the Sandbox's amounts have more digits than a cent has.
    const amount = chance.between(100, 20_000) / 100 + (index % 3 === 0 ? 0.0012 : 0)
    return row(itemSeed, {
      key: String(index),
      accountId: ids[index % 2 === 0 ? 0 : 1],
      date,
      amount: rounded(amount, 4),
      text: chance.pick(shops),
      pending: date >= addDays(today, -2),
    })
  })
  return { ...nothing, accounts: [checking(ids[0], 1_240.5), card(ids[1])], transactions }
}

/** `user_many`: as many rows of the last 30 days as the password says, on one account, for measuring. */
export function manyUser({ itemSeed, today, password }: Login): BankData {
  const count = Number(password)
  if (!/^\d+$/.test(password)) throw plaidFailure('INVALID_CREDENTIALS')
  const accountId = idOf(itemSeed, 'account', 'checking')
  const transactions = Array.from({ length: 30 }, (_, back) => {
    const length = Math.floor(((back + 1) * count) / 30) - Math.floor((back * count) / 30)
    return manyOn(addDays(today, -back), { itemSeed, accountId, length })
  })
  return { ...nothing, accounts: [checking(accountId, 25_000)], transactions: transactions.flat() }
}

function manyOn(date: string, many: { itemSeed: string; accountId: string; length: number }) {
  const { itemSeed, accountId, length } = many
  const chance = chanceOf(itemSeed, 'many', date)
  return Array.from({ length }, (_, index) => {
    const amount = chance.between(-20_000, 20_000) / 100
    const key = `${date} ${index}`
    return row(itemSeed, { key, accountId, date, amount, text: chance.pick(shops), pending: false })
  })
}

const nothing = {
  securities: [],
  holdings: [],
  investmentTransactions: [],
  liabilities: liabilitiesShape({ credit: [], mortgage: [], student: [] }),
}

interface Row {
  /** Unique among the rows of a login. */
  readonly key: string
  readonly accountId: string
  readonly date: string
  readonly amount: number
  readonly text: string
  readonly pending: boolean
}

function row(itemSeed: string, { key, ...fields }: Row): Plain<Transaction> {
  const id = idOf(itemSeed, 'row', key)
  const guess = guessOf(fields.text, fields.amount)
  return transactionShape({ id, ...fields, ...guess, authorized: fields.date, pendingId: null })
}

function checking(id: string, balance: number) {
  return accountShape({
    id,
    name: 'Plaid Checking',
    officialName: 'Plaid Gold Standard 0% Interest Checking',
    mask: '0000',
    type: 'depository',
    subtype: 'checking',
    current: balance,
    available: balance,
  })
}

function card(id: string) {
  return accountShape({
    id,
    name: 'Plaid Credit Card',
    officialName: 'Plaid Diamond 12.5% APR Interest Credit Card',
    mask: '3333',
    type: 'credit',
    subtype: 'credit card',
    current: 410,
    available: 1_590,
    limit: 2_000,
  })
}
