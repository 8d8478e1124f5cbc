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
  const checkingId = idOf(itemSeed, 'account', 'checking')
  const cardId = idOf(itemSeed, 'account', 'card')
  const chance = chanceOf(itemSeed, 'dynamic')
  const transactions = Array.from({ length: 50 }, (_, index) => {
    const date = addDays(today, -Math.floor((index * 29) / 50))
    // A third of the Sandbox's amounts have more digits than a cent has.
    const amount = rounded(chance.between(100, 20_000) / 100, 2) + (index % 3 === 0 ? 0.0012 : 0)
    const pending = date >= addDays(today, -2)
    const accountId = index % 2 === 0 ? checkingId : cardId
    return row(itemSeed, {
      index,
      accountId,
      date,
      amount: rounded(amount, 4),
      text: chance.pick(shops),
      pending,
    })
  })
  return { ...nothing, accounts: [checking(checkingId, 1_240.5), card(cardId)], transactions }
}

/** `user_many`: as many rows of the last 30 days as the password says, on one account, for measuring. */
export function manyUser({ itemSeed, today, password }: Login): BankData {
  const count = Number(password)
  if (!Number.isInteger(count) || count < 0) throw plaidFailure('INVALID_CREDENTIALS')
  const accountId = idOf(itemSeed, 'account', 'checking')
  const chance = chanceOf(itemSeed, 'many')
  const days = Array.from({ length: 30 }, (_, back) => addDays(today, -back))
  const transactions = Array.from({ length: count }, (_, index) => {
    const date = days[Math.floor((index * 30) / count)] ?? today
    const amount = chance.between(-20_000, 20_000) / 100
    return row(itemSeed, { index, accountId, date, amount, text: chance.pick(shops), pending: false })
  })
  return { ...nothing, accounts: [checking(accountId, 25_000)], transactions }
}

const nothing = {
  securities: [],
  holdings: [],
  investmentTransactions: [],
  liabilities: liabilitiesShape({ credit: [], mortgage: [], student: [] }),
}

interface Row {
  readonly index: number
  readonly accountId: string
  readonly date: string
  readonly amount: number
  readonly text: string
  readonly pending: boolean
}

function row(itemSeed: string, { index, ...fields }: Row): Plain<Transaction> {
  const id = idOf(itemSeed, 'row', String(index))
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
