import { describe, expect, it } from 'vitest'
import { showAnalytics } from '../../../src/cli/show/analytics.ts'
import { showConnections } from '../../../src/cli/show/connections.ts'
import { age, money, percent } from '../../../src/view/words.ts'
import { showPositions } from '../../../src/cli/show/positions.ts'
import { showSnapshot } from '../../../src/cli/show/snapshot.ts'
import { table } from '../../../src/cli/show/table.ts'
import { connectionView, sourceView } from '../../../src/tools/views.ts'
import { account, connection } from '../../store/rows.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()

describe('figures for people', () => {
  it.each([
    [1234.5, 'USD', '$1,234.50'],
    [-0.01, 'USD', '-$0.01'],
    [5000, 'JPY', '¥5,000'],
    [undefined, 'USD', '-'],
  ])('%s %s is %s', (amount, currency, text) => {
    expect(money(amount, currency)).toBe(text)
  })

  it.each([
    [0.4296, '43%'],
    [0.0004, '0%'],
    [0.1234, '12.3%'],
    [undefined, '-'],
  ])('a share of %s is %s', (share, text) => {
    expect(percent(share)).toBe(text)
  })

  it.each([
    [undefined, 'never'],
    [ago(0.2), 'just now'],
    [ago(-5), 'just now'],
    [ago(3), '3 min ago'],
    [ago(89), '89 min ago'],
    [ago(90), '2 h ago'],
    [ago(47 * 60), '47 h ago'],
    [ago(48 * 60), '2 days ago'],
  ])('%s was %s', (time, text) => {
    expect(age(time, now)).toBe(text)
  })
})

describe('a table', () => {
  it('has a line under its head, figures to the right, and no empty column', () => {
    expect(
      table(
        [['name'], ['nothing'], ['sum', 'right']],
        [
          ['one', '', '1'],
          ['two', '', '1,000'],
        ],
      ),
    ).toBe(['  name    sum', '  ───────────', '  one       1', '  two   1,000'].join('\n'))
  })
})

const broken = connection({
  status: 'needs_reauth',
  newAccounts: false,
  label: 'Ours',
  lastSyncedAt: ago(70),
})

describe('connections', () => {
  const rows = [connectionView(broken, [account(), account({ mask: null, current: null })], true)]
  const listed = {
    connections: rows,
    total: 1,
    needs_attention: 1,
    vault: 'ok',
    as_of: ago(0),
    warnings: [],
  } as const

  it('show bank, label, state, age, accounts, and the command that helps', () => {
    const text = showConnections({ ...listed, connections: [...rows], warnings: [] }, now)
    expect(text).toContain('! First Bank (Ours)  needs_reauth  fetched 70 min ago  item-1')
    expect(text).toMatch(/Checking +••0000 +checking +\$1,100\.00/)
    expect(text).toMatch(/Checking +checking +\$1,000\.00/)
    expect(text).toContain('coffer-mcp reauth --item-id item-1')
  })

  it('that do not fit on a page are counted, with the command for them', () => {
    const more = { ...listed, connections: [...rows], warnings: [], total: 120, next_cursor: 'cDE' }
    expect(showConnections(more, now)).toContain(
      `119 more: coffer-mcp call list_connections '{"cursor":"cDE"}'`,
    )
  })
})

describe('a snapshot', () => {
  const balances = {
    currency: 'USD',
    bank_balance: 10,
    credit_owed: 0,
    loans_owed: 0,
    investments: 5,
    net_worth: 15,
  }
  const base = {
    as_of: ago(0),
    window: { from: '2026-02-09', to: '2026-03-10', days: 30, time_zone: 'UTC' },
    totals: [balances],
    connections: [sourceView({ connection: broken, source: 'cached', error: null }, true)],
    complete: false,
    still_syncing: false,
    changes: [],
    warnings: [{ code: 'X', text: 'Mind this.' }],
  }

  it('that is not whole says so, marks the bank and names the command', () => {
    const text = showSnapshot(base, now)
    expect(text).toContain('USD, 2026-02-09 to 2026-03-10 (30 days)')
    expect(text).toMatch(/! +First Bank +needs_reauth +cached +70 min ago/)
    expect(text).toContain('coffer-mcp reauth --item-id item-1')
    expect(text).toContain('Not complete: see the banks marked above.')
    expect(text).toContain('! Mind this.')
  })

  it('whose flow is not known yet shows no zeros for it', () => {
    expect(showSnapshot(base, now)).toMatch(/cash flow +not known yet/)
    expect(showSnapshot(base, now)).not.toContain('income')
  })

  it('with a runway has it in months', () => {
    const flow = { income: 1, expenses: -3, net_cash_flow: -2, monthly_burn: -2, runway_months: 5 }
    const text = showSnapshot({ ...base, totals: [{ ...balances, ...flow }] }, now)
    expect(text).toMatch(/runway +5 months/)
    expect(text).toMatch(/a month at this rate +-\$2\.00/)
  })
})

describe('positions and tokens', () => {
  const period = { from: '2026-10-31', to: '2026-11-29' }

  it('say plainly that there are none', () => {
    const none = {
      positions: [],
      totals: [],
      period,
      activity: [],
      connections: [],
      complete: true,
      warnings: [],
    }
    expect(showPositions(none)).toBe('No positions.')
  })

  it('of groups leave out what the holdings do not share', () => {
    const positions = [{ name: 'etf', type: 'etf', value: 100.5, currency: 'USD', weight: 1 }]
    const totals = [{ currency: 'USD', value: 100.5, by_type: {} }]
    const text = showPositions({
      positions,
      totals,
      period,
      activity: [
        { currency: 'USD', contributions: 800, withdrawals: 0, dividends: 18.1, interest: 0, fees: -25 },
        { currency: 'CAD', contributions: 0, withdrawals: 0, dividends: 0, interest: 0, fees: 0 },
      ],
      connections: [],
      complete: true,
      warnings: [],
      next_cursor: 'cDE',
    })
    expect(text).toMatch(/etf +- +\$100\.50 +- +100%/)
    expect(text).toContain('USD since 2026-10-31: contributions $800.00, dividends $18.10, fees -$25.00')
    expect(text).toContain('CAD since 2026-10-31: nothing paid in or out')
    expect(text).not.toContain('ticker')
    expect(text).toContain(`More: coffer-mcp call get_positions '{"cursor":"cDE"}'`)
  })

  it('count tokens by their words', () => {
    const counts = {
      total_tokens: 2,
      active_tokens: 1,
      expired_tokens: 1,
      revoked_tokens: 0,
      unique_users: 1,
    }
    const stale = { stale_tokens_30_days: 0, stale_tokens_90_days: 0 }
    const text = showAnalytics({
      analytics: { ...counts, ...stale, institutions: { Tartan: 1 }, environments: {} },
      needs_reauth: 0,
      expiring_within_14_days: 0,
      oldest_token_days: 12,
      failing: 1,
      error_streaks: [
        {
          item_id: 'i',
          institution: 'Tartan',
          code: 'BANK_DOWN',
          failures: 7,
          since: '2026-11-01T10:00:00Z',
        },
      ],
      billed_calls: [
        {
          item_id: 'i',
          institution: 'Tartan',
          month: '2026-11',
          endpoint: '/accounts/balance/get',
          calls: 4,
        },
      ],
      subscriptions: [{ endpoint: '/transactions/get', connections: 2 }],
      key_versions: { k1: 2 },
      as_of: ago(0),
    })
    expect(text).toMatch(/total tokens +2/)
    expect(text).toMatch(/Tartan +BANK_DOWN +7 +2026-11-01/)
    expect(text).toMatch(/Tartan +2026-11 +\/accounts\/balance\/get +4/)
    expect(text).toContain('billed by the month (connections): /transactions/get 2')
    expect(text).toContain('institutions: Tartan 1')
    expect(text).toContain('environments: none')
  })
})
