import { describe, expect, it } from 'vitest'
import { connectionsView } from '../../src/view/connections.ts'
import { linkView } from '../../src/view/link.ts'
import { positionsView } from '../../src/view/positions.ts'
import { drawnOf, resultView } from '../../src/view/result.ts'
import { snapshotView } from '../../src/view/snapshot.ts'
import { upcomingView } from '../../src/view/upcoming.ts'

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</title></style><svg onload=alert(1)>',
  '&lt;b&gt;<b>&amp;',
]
const viewer = { now: Date.parse('2026-11-30T12:00:00Z'), mayChange: true }
const times = { last_synced_at: '2026-11-30T11:00:00Z', data_as_of: '2026-11-30T10:00:00Z' }

/** Every text that may come from elsewhere is this one. */
function results(text: string) {
  const step = { text, tool: 'start_reauth', arguments: { item_id: text } }
  const account = {
    account_id: text,
    name: text,
    mask: text,
    type: text,
    subtype: text,
    currency: 'USD',
    current: 1,
  }
  const bank = { item_id: text, institution: text, label: text, next_step: step, ...times }
  const warning = { code: text, text }
  const connection = {
    ...bank,
    status: 'needs_reauth' as const,
    needs_reauth: true,
    new_accounts: false,
    environment: text,
    created_at: times.data_as_of,
    accounts: [account],
  }
  const listed = {
    connections: [connection],
    total: 1,
    needs_attention: 1,
    vault: 'ok' as const,
    as_of: times.data_as_of,
    warnings: [warning],
  }
  const window = { from: text, to: text, days: 30, time_zone: text }
  const totals = {
    currency: 'USD',
    bank_balance: 1,
    credit_owed: 0,
    loans_owed: 0,
    investments: 1,
    net_worth: 2,
  }
  const snapshot = {
    as_of: times.data_as_of,
    window,
    totals: [totals],
    connections: [{ ...bank, status: 'needs_reauth' as const, source: 'cached' as const }],
    complete: false,
    still_syncing: false,
    changes: [{ code: text, text, name: text }],
    warnings: [warning],
  }
  const position = {
    name: text,
    ticker: text,
    account: text,
    type: text,
    currency: 'USD',
    value: 1,
    weight: 1,
  }
  const positions = { positions: [position], totals: [{ currency: 'USD', value: 1, by_type: { [text]: 1 } }] }
  const upcoming = {
    due: [
      {
        item_id: text,
        institution: text,
        account_id: text,
        account: text,
        kind: text,
        due_date: text,
        currency: 'USD',
      },
    ],
    expected: [
      {
        name: text,
        kind: 'income' as const,
        date: text,
        amount: 1,
        currency: 'USD',
        cadence: text,
        account_id: text,
        account: text,
      },
    ],
    lowest: [
      {
        account_id: text,
        account: text,
        institution: text,
        currency: 'USD',
        lowest_balance: 1,
        on: text,
        current: 1,
      },
    ],
    window,
    connections: [],
    complete: true,
    warnings: [warning],
  }
  const link = {
    checked: { outcome: 'pending' as const, connection },
    url: `https://hosted.plaid.com/${text}`,
    problem: text,
  }
  return { listed, snapshot, positions, upcoming, link }
}

/** The tags of a page with their attributes' names: what a browser would make of it, but for texts and values. */
function skeleton(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, ''))
}

describe('what strangers write', () => {
  it.each(payloads)('is text on every view: %s', async (payload) => {
    const [hostile, harmless] = [results(payload), results('harmless')]
    const views = [
      async ({ listed }: typeof hostile) => await connectionsView(listed, viewer),
      async ({ snapshot }: typeof hostile) => await snapshotView(snapshot, viewer),
      async ({ positions }: typeof hostile) => await positionsView(positions),
      async ({ upcoming }: typeof hostile) => await upcomingView(upcoming),
      async ({ link }: typeof hostile) => await linkView(link),
    ]
    for (const view of views) {
      const [bad, good] = [String(await view(hostile)), String(await view(harmless))]
      expect(bad).not.toContain(payload)
      expect(skeleton(bad)).toEqual(skeleton(good))
    }
  })
})

describe('the view of a result', () => {
  const { listed, snapshot, positions, upcoming } = results('Bank')

  it.each([
    ['list_connections', listed, 'One connection; one needs you.'],
    ['sync_snapshot', snapshot, 'Not complete: Bank (Bank).'],
    ['get_positions', positions, 'Positions, the largest first'],
  ])('is told by what it has: %s', async (_tool, result, says) => {
    expect(String(await resultView(result, viewer))).toContain(says)
  })

  it('says what a second connection of the same login costs, on a button that looks like it', async () => {
    const next_step = { text: '', tool: 'check_connection', arguments: { link_id: 'l', keep: true } }
    const checked = { outcome: 'duplicate' as const, next_step }
    const html = String(await linkView({ checked, url: null, problem: null }))
    expect(html).toMatch(/Trial plan[^]*<button class="danger"[^]*Connect it a second time/)
  })

  it('says of each cell of a position what it is, for where they stand below each other', async () => {
    const html = String(await positionsView(positions))
    expect([...html.matchAll(/data-title="([^"]+)"/g)].map(([, title]) => title).slice(-5)).toEqual([
      'Kind',
      'Quantity',
      'Value',
      'Gain',
      'Share',
    ])
  })

  it('draws a snapshot with what is there, and only one with banks', async () => {
    const flow = { window: { to: '2026-11-30' }, groups: [], totals: [], excluded: [] }
    const drawn = { ...drawnOf({ points: [], sparkline: '' }), ...drawnOf(flow) }
    const shown = async (result: object) => String(await resultView(result, viewer, drawn))
    expect(await shown(snapshot)).toMatch(/Net worth over time[^]*Cash flow by month/)
    expect(await shown(snapshot)).toContain('{&quot;from&quot;:&quot;2026-06-01&quot;}')
    expect(await shown({ ...snapshot, connections: [] })).not.toContain('Net worth over time')
    expect(drawnOf(snapshot)).toEqual({})
  })

  it('is none for others', () => {
    expect(resultView(upcoming, viewer)).toBeNull()
    expect(resultView({}, viewer)).toBeNull()
  })

  it('offers a login to a bank that asks for something first, and none to one that waits for nothing', async () => {
    const [row] = listed.connections
    const shown = async (status: 'bank_issue' | 'active') => {
      const next_step = { text: 'Unlock it.' }
      const one = { ...listed, connections: [{ ...row, status, next_step }] }
      return String(await resultView(one, viewer)).includes('data-tool="start_reauth"')
    }
    expect(await shown('bank_issue')).toBe(true)
    expect(await shown('active')).toBe(false)
  })

  it('has no button that changes something where nothing may be changed', async () => {
    const html = String(await resultView(listed, { ...viewer, mayChange: false }))
    expect([...html.matchAll(/data-tool="([^"]+)"/g)].map(([, tool]) => tool)).toEqual(['list_connections'])
  })
})
