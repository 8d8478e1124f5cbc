import { describe, expect, it } from 'vitest'
import { runCommand } from '../support/command.ts'
import { type Copy, household } from '../support/coffer.ts'
import { connectMadeUp } from './made-up-bank.ts'

/** Checking: 3,000 in, a rent of 900 by Zelle, 60 to a friend, and 500 to an account that is not connected. */
async function connectChecking(copy: Copy): Promise<string> {
  return await connectMadeUp(copy, [
    {
      type: 'depository',
      subtype: 'checking',
      rows: [
        [9, 'ACME PAYROLL', -3000],
        [8, 'Zelle to Landlord', 900],
        [6, 'Zelle to Sam', 60],
        [4, 'Transfer to OTHERBANK savings', 500],
        [0, 'Bookshop', 20],
      ],
    },
  ])
}

async function flowOf(copy: Copy, maxAge = -1) {
  return (await copy.call('sync_snapshot', { max_age_minutes: maxAge })).totals[0]
}

describe.concurrent('set_rule', () => {
  it('changes what is past at once, for every copy and a restart, until it is removed', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectChecking(copy)
    expect(await flowOf(copy, 60)).toMatchObject({ income: 3000, expenses: -1480, transfers_excluded: 0 })
    const made = await copy.call('set_rule', { match: '  OtherBank ', kind: 'transfer', category: 'Savings' })
    expect(made).toMatchObject({ matched: 1, warnings: [] })
    expect(made.rules).toEqual([
      { match: 'otherbank', kind: 'transfer', category: 'Savings', created_at: expect.any(String) },
    ])
    const ruled = { income: 3000, expenses: -980, transfers_excluded: 500, plain_net_cash_flow: 1520 }
    expect(await flowOf(copy)).toMatchObject(ruled)
    expect(await flowOf(await house.start())).toMatchObject(ruled)
    const gone = await copy.call('set_rule', { match: 'OTHERBANK', remove: true })
    expect(gone).toMatchObject({ rules: [], matched: 1 })
    expect(await flowOf(copy)).toMatchObject({ expenses: -1480, transfers_excluded: 0 })
  })

  it('goes by the longest match, and one for the same text replaces the other', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectChecking(copy)
    expect(await copy.call('set_rule', { match: 'zelle', kind: 'ignore' })).toMatchObject({ matched: 2 })
    expect(await flowOf(copy)).toMatchObject({ expenses: -520, unmatched_transfers: { count: 1, sum: -500 } })
    await copy.call('set_rule', { match: 'zelle to landlord', kind: 'expense' })
    expect(await flowOf(copy)).toMatchObject({
      expenses: -1420,
      unmatched_transfers: { count: 1, sum: -500 },
    })
    const { rules } = await copy.call('set_rule', { match: 'zelle', kind: 'expense' })
    expect(rules.map(({ match, kind }) => [match, kind])).toEqual([
      ['zelle', 'expense'],
      ['zelle to landlord', 'expense'],
    ])
    expect(await flowOf(copy)).toMatchObject({
      expenses: -1480,
      unmatched_transfers: { count: 1, sum: -500 },
    })
  })

  it('applies to what comes later, and to a bank that cannot be asked once it can', async () => {
    await using house = await household()
    const copy = await house.start()
    await copy.call('set_rule', { match: 'sam', kind: 'ignore' })
    const itemId = await connectChecking(copy)
    expect(await flowOf(copy, 60)).toMatchObject({ expenses: -1420 })
    house.simulator.controls.resetLogin(itemId)
    const other = await house.start()
    const made = await other.call('set_rule', { match: 'bookshop', kind: 'ignore' })
    expect(made.warnings).toMatchObject([{ code: 'TRANSACTIONS_NOT_AT_HAND', item_id: itemId }])
    expect(await flowOf(other)).toMatchObject({ expenses: -1420 })
    house.simulator.controls.repairItem(itemId)
    expect(await flowOf(other, 60)).toMatchObject({ expenses: -1400 })
  })

  it('refuses what is no rule, and says what it takes', async () => {
    await using house = await household()
    const copy = await house.start()
    for (const [args, problem] of [
      [{ match: 'acme' }, 'A rule needs a kind or a category'],
      [{ match: 'a', kind: 'ignore' }, 'match has 1 characters'],
      [{ match: 'a\u200b ', kind: 'ignore' }, 'match has 1 characters'],
      [{ match: 'x'.repeat(65), kind: 'ignore' }, 'match has 65 characters'],
      [{ match: 'acme', category: ' ' }, 'category has 0 characters'],
      [{ match: 'acme', remove: true }, 'There is no rule for "acme"'],
      [{ match: 'acme', remove: true, kind: 'ignore' }, 'remove goes with match alone'],
      [{ match: 'acme', kind: 'gift' }, 'kind: '],
    ] as const) {
      expect(await copy.failure('set_rule', args)).toMatch(`INVALID_ARGUMENTS: set_rule: ${problem}`)
    }
  })

  it('is there for a shell too', async () => {
    await using house = await household()
    const args = ['call', 'set_rule', JSON.stringify({ match: 'acme', kind: 'income' })]
    const { code, stdout } = await runCommand(args, house.env)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ rules: [{ match: 'acme', kind: 'income' }], matched: 0 })
  })
})
