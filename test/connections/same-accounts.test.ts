import { describe, expect, it } from 'vitest'
import { markAnew, withSameAs } from '../../src/connections/same-accounts.ts'
import { saveAccounts } from '../../src/connections/succession.ts'
import type { Account, Connection } from '../../src/model.ts'
import { freshStore } from '../store/fixtures.ts'
import { account as anyAccount, connection as anyConnection } from '../store/rows.ts'

const older = login('older', { createdAt: '2026-01-01T00:00:00.000Z' })
const newer = login('newer', { createdAt: '2026-06-01T00:00:00.000Z' })

function login(itemId: string, more: Partial<Connection> = {}): Connection {
  return anyConnection({ itemId, institutionId: 'ins_1', environment: 'sandbox', status: 'active', ...more })
}

function account(itemId: string, more: Partial<Account> = {}): Account {
  return anyAccount({
    itemId,
    accountId: `account of ${itemId}`,
    name: 'Checking',
    mask: '1234',
    subtype: 'checking',
    persistentAccountId: null,
    sameAs: null,
    ...more,
  })
}

function marks(accounts: Account[], connections: Connection[]): (string | null)[] {
  return withSameAs(accounts, connections).map(({ sameAs }) => sameAs)
}

describe('one account seen through two logins', () => {
  const pair = [account('newer'), account('older')]

  it('counts for the older login, in whatever order', () => {
    expect(marks(pair, [older, newer])).toEqual(['account of older', null])
    expect(marks(pair.toReversed(), [newer, older])).toEqual([null, 'account of older'])
  })

  it.each<[Connection['status'], Connection['status']]>([
    ['needs_reauth', 'active'],
    ['bank_issue', 'expiring'],
    ['expired', 'needs_reauth'],
    ['revoked', 'expired'],
    ['preparing', 'active'],
  ])('counts for the one that works: not the older, %s, when the newer is %s', (ofOlder, ofNewer) => {
    const logins = [
      login('older', { ...older, status: ofOlder }),
      login('newer', { ...newer, status: ofNewer }),
    ]
    expect(marks(pair, logins)).toEqual([null, 'account of newer'])
  })

  it('is let go of when it is seen once again', () => {
    expect(marks([account('older', { sameAs: 'account of newer' })], [older])).toEqual([null])
  })

  it.each<[what: string, Partial<Account>, Partial<Connection>]>([
    ['another mask', { mask: '9999' }, {}],
    ['another name', { name: 'Savings' }, {}],
    ['another kind', { subtype: 'savings' }, {}],
    ['no mask at all', { mask: null }, {}],
    ['another bank', {}, { institutionId: 'ins_2' }],
    ['an unknown bank', {}, { institutionId: null }],
    ['another environment', {}, { environment: 'production' }],
  ])('is not taken for it with %s', (_what, ofAccount, ofLogin) => {
    const logins = [older, login('newer', { ...newer, ...ofLogin })]
    expect(marks([account('older'), account('newer', ofAccount)], logins)).toEqual([null, null])
  })

  it("goes by the bank's own id where there is one on both sides", () => {
    const of = (itemId: string, id: string | null, name = 'Checking') =>
      account(itemId, { persistentAccountId: id, name })
    const logins = [older, newer]
    expect(marks([of('older', 'p1'), of('newer', 'p1', 'Renamed')], logins)[1]).toBe('account of older')
    expect(marks([of('older', 'p1'), of('newer', 'p2')], logins)).toEqual([null, null])
    expect(marks([of('older', 'p1'), of('newer', null)], logins)[1]).toBe('account of older')
  })

  it('two equal accounts of one login are two', () => {
    const two = [account('older', { accountId: 'a' }), account('older', { accountId: 'b' })]
    expect(marks(two, [older])).toEqual([null, null])
  })
})

describe('two logins that are stored at once', () => {
  it('count once: each sees what the other has stored', async () => {
    const store = await freshStore({ driver: 'better-sqlite3' })
    const logins = [older, newer]
    for (const one of logins) await store.connections.insert(one, 'sealed')
    await Promise.all(logins.map(({ itemId }) => saveAccounts(store, itemId, [account(itemId)])))
    const marked = (await store.accounts.list()).map(({ itemId, sameAs }) => [itemId, sameAs])
    expect(Object.fromEntries(marked)).toEqual({ older: null, newer: 'account of older' })
  })
})

describe('when a login changes', () => {
  it('its accounts are counted through another login at once, each still once', async () => {
    const store = await freshStore({ driver: 'better-sqlite3' })
    const third = login('third', { createdAt: '2026-07-01T00:00:00.000Z' })
    for (const one of [older, newer, third]) {
      await store.connections.insert(one, 'sealed')
      await saveAccounts(store, one.itemId, [account(one.itemId)])
    }
    const marked = async () =>
      Object.fromEntries((await store.accounts.list()).map(({ itemId, sameAs }) => [itemId, sameAs]))
    expect(await marked()).toEqual({ older: null, newer: 'account of older', third: 'account of older' })

    await store.connections.change('older', (row) => ({ ...row, status: 'needs_reauth' }))
    await markAnew(store)
    expect(await marked()).toEqual({ older: 'account of newer', newer: null, third: 'account of newer' })

    await store.connections.remove('newer')
    await markAnew(store)
    expect(await marked()).toEqual({ older: 'account of third', third: null })
  })

  it('one whose place is taken is counted through its successor, be that as dead as it is', () => {
    const logins = [
      login('older', { ...older, status: 'expired', replacedBy: 'newer' }),
      login('newer', { ...newer, status: 'expired' }),
    ]
    expect(marks([account('older'), account('newer')], logins)).toEqual(['account of newer', null])
  })
})
