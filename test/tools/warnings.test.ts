import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import type { Reading } from '../../src/sync/index.ts'
import { balanceWarnings } from '../../src/tools/balance-warnings.ts'
import { warning } from '../../src/tools/shapes.ts'
import { readingWarnings, uncountedWarnings } from '../../src/tools/snapshot-text.ts'
import {
  attentionWarnings,
  connectionWarnings,
  notShared,
  uncheckedWarning,
  vaultWarning,
} from '../../src/tools/warnings.ts'
import { freshStore } from '../store/fixtures.ts'
import { account, connection, holding } from '../store/rows.ts'

const now = () => Date.parse('2026-03-10T12:00:00.000Z')
const here = { environment: 'sandbox', readOnly: false, now } as const

function reading(more: Partial<Reading> = {}): Reading {
  return {
    window: { from: '2026-02-09', to: '2026-03-10', days: 30, time_zone: 'UTC' },
    sources: [{ connection: connection(), source: 'live', error: null }],
    complete: true,
    stillSyncing: false,
    oldRules: [],
    shortSpans: [],
    untold: [],
    ...more,
  }
}

describe('a vault that is shut', () => {
  it('says why and what to do; one that is open says nothing', () => {
    const why = new CofferError('VAULT_LOCKED', 'No key can be had.', { fix: 'Set COFFER_KEY.' })
    expect(vaultWarning({ state: 'locked', source: 'keychain', why })).toEqual([
      { code: 'VAULT_LOCKED', text: 'No key can be had. Set COFFER_KEY.' },
    ])
    expect(vaultWarning({ state: 'ok', source: 'file', keyId: null })).toEqual([])
  })
})

describe('a check that brought no answer', () => {
  const since = Date.parse('2026-03-10T12:00:00.000Z')
  const at = (lastCheckedAt: string | null, more: Partial<ReturnType<typeof connection>> = {}) =>
    connection({ lastCheckedAt, ...more })

  it('is said of those whose state is what was known before', () => {
    const rows = [
      at('2026-03-10T12:00:01.000Z', { institution: 'Answered' }),
      at('2026-03-10T11:00:00.000Z', { institution: 'Silent' }),
      at(null, { institution: 'Never asked' }),
    ]
    const [said, ...more] = uncheckedWarning(rows, { environment: 'sandbox', since, failures: new Map() })
    expect(said).toMatchObject({ code: 'NOT_CHECKED', text: expect.stringContaining('Silent, Never asked:') })
    expect(said?.text).not.toContain('Answered')
    expect(more).toEqual([])
  })

  it('is not said where the state says it, or where nobody asked', () => {
    const rows = [at(null, { status: 'bank_issue' }), at(null, { environment: 'production' })]
    expect(uncheckedWarning(rows, { environment: 'sandbox', since, failures: new Map() })).toEqual([])
  })

  it('names what kept Plaid from answering, and what to do about that', () => {
    const refused = new CofferError('PLAID_KEYS_REJECTED', 'Plaid refused the secret.', {
      fix: 'Set another.',
    })
    const rows = [at(null, { itemId: 'item-7' })]
    const failures = new Map([['item-7', refused]])
    const [said] = uncheckedWarning(rows, { environment: 'sandbox', since, failures })
    expect(said?.text).toContain('last_checked_at. Plaid refused the secret. Set another.')
  })
})

describe('no bank at all', () => {
  it('leads to the first one: by the tool, or by the command where changes are switched off', () => {
    expect(connectionWarnings([], here)).toMatchObject([
      { code: 'NO_CONNECTIONS', text: expect.stringContaining('connect_bank') },
    ])
    const [offered] = connectionWarnings([], { ...here, readOnly: true })
    expect(offered?.text).toContain('coffer-mcp connect')
    expect(offered?.text).not.toContain('connect_bank')
    expect(readingWarnings(reading({ sources: [] }), here)).toMatchObject([{ code: 'NO_CONNECTIONS' }])
  })
})

describe('a bank of the other environment', () => {
  it('is named, with the reason why it is not asked', () => {
    const rows = [
      connection(),
      connection({ itemId: 'item-2', institution: 'Chase', environment: 'production' }),
    ]
    const found = connectionWarnings(rows, here)
    expect(found).toMatchObject([{ code: 'WRONG_ENVIRONMENT', item_id: 'item-2' }])
    expect(found[0]?.text).toMatch(/^Chase belongs to Plaid's production environment/)
  })
})

describe('what waits for its owner and is not shown', () => {
  const ill = (at: number) =>
    connection({ itemId: `item-${at}`, institution: `Bank ${at}`, status: 'needs_reauth' })

  it('is named once, with what to do; what is shown, works or is never asked is not', () => {
    const rows = [
      ill(1),
      ill(2),
      connection({ itemId: 'item-3', newAccounts: false }),
      { ...ill(4), environment: 'production' as const },
    ]
    const found = attentionWarnings(rows, ['item-2'], here)
    expect(found).toMatchObject([{ code: 'NEEDS_ATTENTION', item_id: 'item-1' }])
    expect(found[0]?.text).toMatch(/^Bank 1 needs a new login\. .*start_reauth with item_id=item-1\.$/)
  })

  it('is counted where it is too much to be named', () => {
    const found = attentionWarnings(
      Array.from({ length: 30 }, (_, at) => ill(at)),
      [],
      here,
    )
    expect(found.length).toBeLessThan(12)
    expect(found.at(-1)?.text).toMatch(
      new RegExp(`^${30 - found.length + 1} more connections need attention`),
    )
  })
})

describe('a reading', () => {
  it('that is whole has nothing to say', () => {
    expect(readingWarnings(reading(), here)).toEqual([])
  })

  it('of a window longer than what is known names the bank and the day', () => {
    const shortSpans = [{ itemId: 'item-1', institution: 'Tartan Bank', from: '2026-02-20' }]
    const [found] = readingWarnings(reading({ shortSpans }), here)
    expect(warning.strict().parse(found)).toMatchObject({ code: 'WINDOW_NOT_COVERED', item_id: 'item-1' })
    expect(found?.text).toMatch(/Tartan Bank.*2026-02-20.*2026-02-09/)
  })

  it('of many such banks names some and counts the others', () => {
    const shortSpans = Array.from({ length: 25 }, (_, at) => ({
      itemId: `item-${at}`,
      institution: `Bank ${at}`,
      from: '2026-02-20',
    }))
    const found = readingWarnings(reading({ shortSpans }), here)
    expect(found).toHaveLength(9)
    expect(found.at(-1)?.text).toMatch(/^17 more banks do not cover the window/)
  })
})

describe('money that no total counts', () => {
  it('is named by its currency', () => {
    expect(uncountedWarnings([])).toEqual([])
    expect(uncountedWarnings(['BTC', 'ETH'])).toEqual([
      { code: 'CURRENCY_NOT_COUNTED', text: 'Amounts in BTC, ETH are in no total.' },
    ])
  })
})

describe('sums that are as earlier rules had them', () => {
  it('are named with the day up to which they are', () => {
    const oldRules = [{ itemId: 'item-1', institution: 'Tartan Bank', until: '2026-02-20' }]
    const [found] = readingWarnings(reading({ oldRules }), here)
    expect(found).toMatchObject({ code: 'RULES_NOT_APPLIED', item_id: 'item-1' })
    expect(found?.text).toContain('Tartan Bank up to 2026-02-20')
  })
})

describe('data that are not shared', () => {
  async function household(banks: number) {
    const store = await freshStore()
    for (const itemId of Array.from({ length: banks }, (_, n) => `item-${n}`)) {
      await store.connections.insert(connection({ itemId, products: ['transactions'] }), 'sealed')
      await store.accounts.replace(itemId, [
        account({ itemId, accountId: `broker-${itemId}`, type: 'investment' }),
      ])
    }
    return { ...here, store, products: ['transactions', 'investments'] } as const
  }

  it('name the banks and the step, of a hundred banks the first few, and how many more', async () => {
    const told = await notShared('investments', await household(100))
    expect(told).toHaveLength(9)
    expect(told[0]).toMatchObject({ code: 'POSITIONS_NOT_SHARED', item_id: 'item-0' })
    expect(told.at(-1)).toEqual({
      code: 'POSITIONS_NOT_SHARED',
      text: '92 more banks have investment accounts whose investments are not shared; the same step is for each.',
    })
    expect(await notShared('investments', await household(8))).toHaveLength(8)
  })
})

describe('data that Plaid has not renewed for long', () => {
  const of = (dataAsOf: string | null, more: Partial<ReturnType<typeof connection>> = {}) => ({
    connection: connection({ institution: 'Sleepy Bank', dataAsOf, ...more }),
    source: 'live' as const,
    error: null,
  })
  const told = (source: ReturnType<typeof of>, readOnly = false) =>
    readingWarnings(reading({ sources: [source] }), { ...here, readOnly })

  it('are said to be old though they were fetched just now, with the step', () => {
    const found = told(of('2026-01-05T11:00:00.000Z'))
    expect(found).toMatchObject([{ code: 'STALE', item_id: 'item-1' }])
    expect(found[0]?.text).toContain('Sleepy Bank are 64 days old (2026-01-05).')
    expect(found[0]?.text).toContain('start_reauth with item_id=item-1 and force=true')
    expect(told(of('2026-01-05T11:00:00.000Z'), true)[0]?.text).toMatch(/reauth --item-id item-1 --force$/)
  })

  it('of a broken login lead to the step that stands beside it', () => {
    const [found] = told(of('2026-01-05T11:00:00.000Z', { status: 'needs_reauth' }))
    expect(found?.text).toMatch(/64 days old \(2026-01-05\). See its next_step.$/)
  })

  it('are so from a fortnight on, and where they count', () => {
    expect(told(of('2026-02-24T12:00:00.000Z'))).toHaveLength(1)
    expect(told(of('2026-02-24T12:00:01.000Z'))).toEqual([])
    expect(told(of('2026-04-01T00:00:00.000Z'))).toEqual([])
    expect(told(of(null))).toEqual([])
    expect(told(of('2025-01-01T00:00:00.000Z', { status: 'removing' }))).toEqual([])
    expect(told(of('2025-01-01T00:00:00.000Z', { status: 'expired', replacedBy: 'item-2' }))).toEqual([])
  })

  it('are not named for each of a hundred banks', () => {
    const sources = Array.from({ length: 100 }, () => of('2026-01-05T11:00:00.000Z'))
    const found = readingWarnings(reading({ sources }), here)
    expect(found).toHaveLength(9)
    expect(found.at(-1)?.text).toBe('The data of 92 more banks are as old; data_as_of of each says how old.')
  })
})

describe('accounts that are not in the totals', () => {
  it('are named by their kind, mask and bank, and by no name that anybody may have written', async () => {
    const store = await freshStore({ driver: 'better-sqlite3' })
    await store.connections.insert(connection(), 'sealed')
    const nothing = { current: null, available: null }
    await store.accounts.replace('item-1', [
      account({ name: 'Ignore this', subtype: 'savings', mask: '2222', ...nothing }),
      account({ accountId: 'acc-2', type: 'investment', subtype: 'brokerage', mask: null, ...nothing }),
      account({ accountId: 'acc-3', type: 'other', subtype: null, mask: null }),
    ])
    const own = { itemId: 'item-1', accountId: 'acc-2', currency: 'USD' }
    await store.holdings.replace('item-1', [
      holding({ ...own, value: 5 }),
      holding({ ...own, securityId: 'sec-2', value: null }),
    ])
    const state = { connection: connection(), source: 'live', error: null } as const
    const warnings = await balanceWarnings([state], { store })
    expect(warnings.map((one) => warning.strict().parse(one))).toEqual([
      {
        code: 'BALANCE_NOT_KNOWN',
        item_id: 'item-1',
        text: 'No balance is known of the savings account ending 2222 (account_id=acc-1) at First Bank: it counts as 0.',
      },
      {
        code: 'BALANCE_NOT_KNOWN',
        item_id: 'item-1',
        text: 'No balance is known of the brokerage account (account_id=acc-2) at First Bank: it counts as those of its positions that have a value in USD.',
      },
      {
        code: 'ACCOUNT_NOT_COUNTED',
        item_id: 'item-1',
        text: 'What is on the account (account_id=acc-3) at First Bank is in no total: it is neither a bank, card, loan nor investment account.',
      },
    ])
    const gone = { ...state, connection: connection({ status: 'revoked' }) }
    expect(await balanceWarnings([gone], { store })).toEqual([])
  })

  it('are eight at most, and a sentence for the others', async () => {
    const store = await freshStore({ driver: 'better-sqlite3' })
    await store.connections.insert(connection(), 'sealed')
    const many = Array.from({ length: 11 }, (_, n) =>
      account({ accountId: `acc-${n}`, current: null, available: null }),
    )
    await store.accounts.replace('item-1', many)
    const warnings = await balanceWarnings([{ connection: connection(), source: 'live', error: null }], {
      store,
    })
    expect(warnings).toHaveLength(9)
    expect(warnings.at(-1)?.text).toBe('Nor are the balances of 3 more accounts; list_connections has them.')
  })
})
