import { describe, expect, it } from 'vitest'
import { duplicateOf } from '../../src/connections/duplicates.ts'
import type { Account, Connection } from '../../src/model.ts'
import { account, connection } from '../store/rows.ts'

interface Seen {
  readonly name: string
  readonly mask: string | null
  readonly subtype?: string
}

const checking: Seen = { name: 'Checking', mask: '0000' }
const savings: Seen = { name: 'Saving', mask: '1111', subtype: 'savings' }
const card: Seen = { name: 'Card', mask: '3333', subtype: 'credit card' }

function known(...seen: Seen[]): Account[] {
  return seen.map(({ name, mask, subtype = 'checking' }, index) =>
    account({ accountId: `known-${index}`, itemId: 'old', name, mask, subtype }),
  )
}

function login(institutionId: string | null, ...seen: Seen[]) {
  return {
    institutionId,
    accounts: seen.map(({ name, mask, subtype = 'checking' }, index) => ({
      accountId: `new-${index}`,
      name,
      mask,
      type: 'depository',
      subtype,
    })),
  }
}

const old = (more: Partial<Connection> = {}) => connection({ itemId: 'old', institutionId: 'ins_1', ...more })

describe('a login is a duplicate', () => {
  it.each([
    ['with the same accounts', [checking, savings], [checking, savings]],
    ['in another order', [savings, checking], [checking, savings]],
    ['with some of them', [savings], [checking, savings]],
    ['with all that were shared, and more', [checking, savings, card], [checking, savings]],
  ])('%s', (_how, linked, before) => {
    expect(duplicateOf(login('ins_1', ...linked), [old()], known(...before))?.itemId).toBe('old')
  })
})

describe('a login is none', () => {
  it.each([
    ['with other accounts', 'ins_1', [card], [checking, savings]],
    ['with one of two the same', 'ins_1', [checking, card], [checking, savings]],
    ['with a mask that differs', 'ins_1', [{ ...checking, mask: '9999' }], [checking]],
    ['at another bank', 'ins_2', [checking], [checking]],
    ['at a bank that Plaid does not name', null, [checking], [checking]],
    ['without accounts', 'ins_1', [], [checking]],
    ['beside a connection without accounts', 'ins_1', [checking], []],
  ])('%s', (_how, institutionId, linked, before) => {
    expect(duplicateOf(login(institutionId, ...linked), [old()], known(...before))).toBeNull()
  })

  it.each(['expired', 'revoked', 'removing'] as const)('of a connection that is %s', (status) => {
    expect(duplicateOf(login('ins_1', checking), [old({ status })], known(checking))).toBeNull()
  })
})

it('a login is a duplicate of the one that has its accounts, among several at one bank', () => {
  const connections = [connection({ itemId: 'other', institutionId: 'ins_1' }), old()]
  expect(duplicateOf(login('ins_1', checking), connections, known(checking))?.itemId).toBe('old')
})
