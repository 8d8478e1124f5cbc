import { describe, expect, it } from 'vitest'
import { monthOf } from '../../src/simulator/calendar.ts'
import { family } from '../../src/simulator/household-family.ts'
import { householdTruth } from '../../src/simulator/household-truth.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

const today = '2026-11-21'
const login = { username: 'user_good', password: 'pass_good', itemSeed: 'item', today }
const household = family('user_good')
const october = { from: '2026-10-01', to: '2026-10-31' }
const year = householdTruth(household, { from: '2025-11-01', to: '2026-10-31' })
const rows = ['ins_109508', 'ins_109511'].flatMap((institutionId) =>
  bankDataOf({ ...login, institutionId }).transactions.filter((row) => !row.pending),
)

/** Cents, positive = money in. */
function sumIn(month: string, isCounted: (row: (typeof rows)[number]) => boolean): number {
  const counted = rows.filter((row) => monthOf(row.date) === month && isCounted(row))
  return counted.reduce((sum, { amount }) => sum - Math.round(amount * 100), 0)
}

describe('what the household really did', () => {
  it('has a line for every month of the span', () => {
    expect(year.map(({ month }) => month)).toEqual([
      '2025-11',
      '2025-12',
      ...Array.from({ length: 10 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`),
    ])
  })

  it.each(year)('$month: income and expenses are all that is left when own money is not counted', (truth) => {
    // Both sides of a pair cancel out, save for what went to the investment accounts.
    const contributions = sumIn(truth.month, ({ name }) => name.startsWith('HOUNDSTOOTH'))
    expect(contributions).toBe(-80_000)
    expect(truth.income + truth.expenses).toBe(sumIn(truth.month, () => true) - contributions)
  })

  it.each(year)('$month: income by category and the friend who pays back', (truth) => {
    const income = sumIn(truth.month, (row) => row.personal_finance_category?.primary === 'INCOME')
    const friend = sumIn(truth.month, ({ name }) => name === 'ZELLE FROM JORDAN P')
    expect(truth.income).toBe(income + friend)
  })

  it.each(year)('$month: card payments once each', (truth) => {
    expect(truth.cardPayments).toBe(sumIn(truth.month, ({ name }) => name === 'AUTOPAY PAYMENT - THANK YOU'))
  })

  it.each(year)('$month: transfers once each', (truth) => {
    const left = sumIn(truth.month, ({ name }) => /^Online transfer to|^HOUNDSTOOTH/.test(name))
    expect(truth.transfers).toBe(-left)
  })

  it('a single day counts that day alone', () => {
    const [payday] = householdTruth(household, {
      from: '2026-10-15',
      to: '2026-10-15',
      institutionIds: ['ins_109511'],
    })
    expect(payday).toMatchObject({ month: '2026-10', income: 198_455, transfers: 0 })
  })

  it('a bank that is not seen makes its side look like income', () => {
    const [seen] = householdTruth(household, { ...october, institutionIds: ['ins_109508', 'ins_109511'] })
    const [alone] = householdTruth(household, { ...october, institutionIds: ['ins_109508'] })
    const fromTartan = rows.filter(
      ({ name, date }) => name === 'Online transfer from Tartan CHK 1186' && monthOf(date) === '2026-10',
    )
    const salaries = 2 * 198_455
    const gained = fromTartan.reduce((sum, { amount }) => sum - Math.round(amount * 100), 0)
    expect(gained).toBeGreaterThan(0)
    expect(alone?.income).toBe((seen?.income ?? 0) - salaries + gained)
  })

  it('another seed lives another life', () => {
    expect(householdTruth(family('other'), october)).not.toEqual(householdTruth(household, october))
  })
})
