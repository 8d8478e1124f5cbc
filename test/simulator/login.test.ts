import { describe, expect, it } from 'vitest'
import { PlaidFailure } from '../../src/simulator/failure.ts'
import { bankDataOf } from '../../src/simulator/login.ts'

const good = {
  institutionId: 'ins_109508',
  username: 'user_good',
  password: 'pass_good',
  itemSeed: 'item',
  today: '2026-11-21',
}

function refusalOf(change: Partial<typeof good>): string {
  try {
    bankDataOf({ ...good, ...change })
  } catch (error) {
    if (error instanceof PlaidFailure) return error.body.error_code
    throw error
  }
  return 'let in'
}

describe('who gets in', () => {
  it.each([
    ['the good user', {}, 'let in'],
    ['a wrong password', { password: 'pass_bad' }, 'INVALID_CREDENTIALS'],
    ['no password', { password: '' }, 'INVALID_CREDENTIALS'],
    ['a stranger', { username: 'somebody' }, 'INVALID_CREDENTIALS'],
    ['a name of every object', { username: 'constructor' }, 'INVALID_CREDENTIALS'],
    [
      'the dynamic user with any password',
      { username: 'user_transactions_dynamic', password: 'x' },
      'let in',
    ],
    [
      'the dynamic user with none',
      { username: 'user_transactions_dynamic', password: '' },
      'INVALID_CREDENTIALS',
    ],
    ['a password that asks for an error', { password: 'error_ITEM_LOCKED' }, 'ITEM_LOCKED'],
    [
      'the same of any user',
      { username: 'user_custom', password: 'error_INSTITUTION_NOT_RESPONDING' },
      'INSTITUTION_NOT_RESPONDING',
    ],
    ['an error that there is not', { password: 'error_NO_SUCH' }, 'INVALID_CREDENTIALS'],
    ['a bank that is down', { institutionId: 'ins_132361' }, 'INSTITUTION_DOWN'],
    ['a bank that is not supported', { institutionId: 'ins_133402' }, 'INSTITUTION_NO_LONGER_SUPPORTED'],
    ['a bank in poor health', { institutionId: 'ins_132363' }, 'let in'],
    ['no such bank', { institutionId: 'ins_0' }, 'INVALID_INSTITUTION'],
  ])('%s: %j is %s', (_name, change, outcome) => {
    expect(refusalOf(change)).toBe(outcome)
  })

  it('before the accounts begin, there are accounts without a past', () => {
    const data = bankDataOf({ ...good, today: '2020-01-01' })
    expect(data.transactions).toEqual([])
    expect(data.accounts).toHaveLength(4)
  })
})
