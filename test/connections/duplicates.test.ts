import { describe, expect, it } from 'vitest'
import { unnamedBank } from '../../src/connections/bank-name.ts'
import { duplicateOf, type Login } from '../../src/connections/duplicates.ts'
import type { Account, Connection } from '../../src/model.ts'
import { account, connection } from '../store/rows.ts'

interface Seen {
  readonly name: string
  readonly mask: string | null
  readonly subtype?: string
  readonly id?: string
}

const checking: Seen = { name: 'Checking', mask: '0000' }
const savings: Seen = { name: 'Saving', mask: '1111', subtype: 'savings' }
const card: Seen = { name: 'Card', mask: '3333', subtype: 'credit card' }
const joint: Seen = { name: 'Joint', mask: '5555' }

function fieldsOf({ name, mask, subtype = 'checking', id }: Seen) {
  return { name, mask, subtype, persistentAccountId: id ?? null }
}

function known(...seen: Seen[]): Account[] {
  return seen.map((one, index) => account({ accountId: `known-${index}`, itemId: 'old', ...fieldsOf(one) }))
}

function login(institutionId: string | null, ...seen: Seen[]): Login {
  return loginAt({ institutionId, institution: null }, ...seen)
}

function loginAt(bank: Pick<Login, 'institution' | 'institutionId'>, ...seen: Seen[]): Login {
  return { ...bank, accounts: seen.map(fieldsOf) }
}

const old = (more: Partial<Connection> = {}) => connection({ itemId: 'old', institutionId: 'ins_1', ...more })

describe('a login is a duplicate', () => {
  it.each([
    ['with the same accounts', [checking, savings], [checking, savings]],
    ['in another order', [savings, checking], [checking, savings]],
    ['with some of them', [savings], [checking, savings]],
    ['with all that were shared, and more', [checking, savings, card], [checking, savings]],
    ['with an account that was renamed', [{ ...checking, name: 'Everyday' }, savings], [checking, savings]],
    ['with a mask that one side leaves out', [{ ...checking, mask: null }], [checking, savings]],
    ['while Link tells no accounts, so that nobody can say', [], [checking]],
    ['while the accounts of the first are not known', [checking], []],
    ["by the bank's own id, whatever the rest is", [{ ...card, id: 'p1' }], [{ ...checking, id: 'p1' }]],
  ] as [string, Seen[], Seen[]][])('%s', (_how, linked, before) => {
    expect(duplicateOf(login('ins_1', ...linked), [old()], known(...before))?.itemId).toBe('old')
  })

  it("by the bank's own id even under another institution_id, as after a bank has moved to a new interface", () => {
    const seen = { ...checking, id: 'p1' }
    expect(duplicateOf(login('ins_2', seen), [old()], known(seen))?.itemId).toBe('old')
  })
})

describe('a login is none', () => {
  it.each([
    ['with other accounts', 'ins_1', [card], [checking, savings]],
    ['of a spouse: one account is shared, each has others', 'ins_1', [joint, card], [joint, checking]],
    ['with a mask that differs', 'ins_1', [{ ...checking, mask: '9999' }], [checking]],
    ['with another kind and name on the same mask', 'ins_1', [{ ...card, mask: '0000' }], [checking]],
    ["with another id of the bank's own", 'ins_1', [{ ...checking, id: 'p2' }], [{ ...checking, id: 'p1' }]],
    ['at another bank', 'ins_2', [checking], [checking]],
    ['at another bank, without accounts', 'ins_2', [], [checking]],
    ['at a bank that Plaid does not name, without accounts', null, [], [checking]],
  ] as [string, string | null, Seen[], Seen[]][])('%s', (_how, institutionId, linked, before) => {
    expect(duplicateOf(login(institutionId, ...linked), [old()], known(...before))).toBeNull()
  })

  it.each(['expired', 'revoked', 'removing'] as const)('of a connection that is %s', (status) => {
    expect(duplicateOf(login('ins_1', checking), [old({ status })], known(checking))).toBeNull()
  })
})

describe('where the institution_id is missing', () => {
  const first = { institutionId: null, institution: 'First Bank' }
  const bankOf = (more: Partial<Connection> = {}) => old({ institution: 'First Bank', ...more })
  const asked = (bank: Pick<Login, 'institution' | 'institutionId'>, to: Connection, ...seen: Seen[]) =>
    duplicateOf(loginAt(bank, ...seen), [to], known(checking))?.itemId

  it('the name of the bank decides', () => {
    expect(asked(first, bankOf(), checking)).toBe('old')
    expect(asked(first, bankOf({ institution: 'Second Bank' }), checking)).toBeUndefined()
  })

  it('and where that is missing too, accounts that are equal in everything', () => {
    const nameless = { institutionId: null, institution: null }
    expect(asked(nameless, bankOf(), checking)).toBe('old')
    expect(asked(first, bankOf({ institutionId: null, institution: unnamedBank }), checking)).toBe('old')
    expect(asked(nameless, bankOf(), { ...checking, name: 'Everyday' })).toBeUndefined()
    expect(asked(nameless, bankOf(), { ...checking, mask: null })).toBeUndefined()
  })
})

it('a login is a duplicate of the one that has its accounts, among several at one bank', () => {
  const connections = [connection({ itemId: 'other', institutionId: 'ins_1' }), old()]
  expect(duplicateOf(login('ins_1', checking), connections, known(checking))?.itemId).toBe('old')
})
