import { describe, expect, it } from 'vitest'
import { type CustomAccount, readCustomUser } from '../../src/simulator/custom-user-file.ts'
import { dayShift } from '../../src/simulator/custom-user-shift.ts'

const today = '2026-11-21'

function accountsOf(...accounts: object[]): CustomAccount[] {
  const file = readCustomUser(JSON.stringify({ override_accounts: accounts }))
  if (file === undefined) throw new Error('the test wrote a file that cannot be read')
  return file.override_accounts.filter((account) => account.type !== 'payroll')
}

function checking(...rows: readonly (readonly [transacted: string, posted: string])[]) {
  const transactions = rows.map(([date_transacted, date_posted]) => {
    return { date_transacted, date_posted, amount: 1, description: 'x' }
  })
  return { type: 'depository', subtype: 'checking', transactions }
}

function brokerage(...days: readonly string[]) {
  const holdings = days.map((day) => {
    return {
      institution_price: 1,
      institution_price_as_of: day,
      quantity: 1,
      security: { ticker_symbol: 'T' },
    }
  })
  return { type: 'investment', subtype: 'brokerage', holdings }
}

describe('the days of a file', () => {
  it.each([
    ['old ones come forward', [checking(['2019-03-01', '2019-03-02'])], '2019-03-01', '2026-11-19'],
    ['those of the future come back', [checking(['2031-03-01', '2031-03-02'])], '2031-03-02', '2026-11-20'],
    [
      'the newest of all accounts counts',
      [checking(['2026-01-01', '2026-01-01']), checking(['2026-01-05', '2026-01-05'])],
      '2026-01-01',
      '2026-11-16',
    ],
    ['without rows, prices count', [brokerage('2026-01-09', '2026-01-10')], '2026-01-09', '2026-11-19'],
    [
      'with rows, prices do not',
      [brokerage('2030-01-01'), checking(['2026-01-09', '2026-01-10'])],
      '2026-01-10',
      '2026-11-20',
    ],
    ['without any, nothing moves', [checking()], '2026-01-10', '2026-01-10'],
    ['yesterday stays', [checking(['2026-11-20', '2026-11-20'])], '2026-11-20', '2026-11-20'],
    ['what is about to post stays', [checking(['2026-11-20', '2026-11-24'])], '2026-11-20', '2026-11-20'],
    [
      'not if something has yet to happen',
      [checking(['2026-11-20', '2026-11-24'], ['2026-12-01', '2026-12-02'])],
      '2026-12-02',
      '2026-11-20',
    ],
  ])('%s', (_name, accounts, day, moved) => {
    expect(dayShift(accountsOf(...accounts), today)(day)).toBe(moved)
  })
})
