import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/model.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection, flowMove } from './rows.ts'

const at = '2026-11-04T10:00:00.000Z'

function rule(match: string, changes: Partial<Rule> = {}): Rule {
  return {
    ruleId: `rule of ${match}`,
    match,
    kind: 'ignore',
    category: null,
    createdAt: '2026-11-02T10:00:00.000Z',
    ...changes,
  }
}

describe.each(driverNames)('rules on %s', (driver) => {
  it('are listed newest first, after a restart too', async () => {
    const home = freshHome()
    const store = await freshStore({ driver, home })
    const later = rule('rent', { kind: null, category: 'HOME', createdAt: '2026-11-03T10:00:00.000Z' })
    await store.rules.put(rule('netflix'))
    await store.rules.put(later)
    expect(await store.rules.list()).toStrictEqual([later, rule('netflix')])
    const again = await freshStore({ driver, home })
    expect(await again.rules.list()).toStrictEqual([later, rule('netflix')])
  })

  it('of the same text replace each other', async () => {
    const { rules } = await freshStore({ driver })
    await rules.put(rule('netflix'))
    const second = rule('netflix', { ruleId: 'other', kind: 'expense' })
    await rules.put(second)
    expect(await rules.list()).toStrictEqual([second])
  })

  it('go when they are removed, and only those that are there', async () => {
    const { rules } = await freshStore({ driver })
    await rules.put(rule('netflix'))
    expect(await rules.remove('net', at)).toBe(false)
    expect(await rules.remove('netflix', at)).toBe(true)
    expect(await rules.list()).toEqual([])
  })

  it('that change make all that is kept a thing of earlier ones, until it is judged anew', async () => {
    const { rules, flow, connections } = await freshStore({ driver })
    for (const itemId of ['item-1', 'item-2']) await connections.insert(connection({ itemId }), 'sealed')
    const year = { from: '2026-01-01', to: '2026-11-30' }
    const old = async () => Object.fromEntries((await flow.read(year)).oldRules)
    await flow.replace('item-1', year, [], [])
    expect([await old(), await rules.changedAt()]).toEqual([{}, null])
    await rules.put(rule('netflix'))
    expect([await old(), await rules.changedAt()]).toEqual([
      { 'item-1': '2026-11-30' },
      rule('netflix').createdAt,
    ])
    await flow.replace('item-1', { from: '2026-11-01', to: '2026-11-30' }, [], [])
    expect(await old()).toEqual({ 'item-1': '2026-10-31' })
    await flow.inherit('item-1', 'item-2', new Map([['acc-1', 'new-1']]))
    expect(await old()).toEqual({ 'item-1': '2026-10-31', 'item-2': '2026-10-31' })
    await flow.replace('item-1', { from: '2026-10-20', to: '2026-12-01' }, [], [])
    expect(await old()).toEqual({ 'item-1': '2026-10-19', 'item-2': '2026-10-31' })
    await flow.replace('item-1', { ...year, to: '2026-12-01' }, [], [])
    await connections.forgetData('item-2')
    expect(await old()).toEqual({})
    await rules.remove('netflix', at)
    expect([await old(), await rules.changedAt()]).toEqual([{ 'item-1': '2026-12-01' }, at])
  })

  it('make nothing old of a bank that has investment accounts alone', async () => {
    const { rules, flow, connections, accounts } = await freshStore({ driver })
    const span = { from: '2026-11-01', to: '2026-11-30' }
    for (const itemId of ['item-1', 'item-2', 'item-3']) {
      await connections.insert(connection({ itemId }), 'sealed')
      await flow.replace(itemId, span, [], [])
    }
    const broker = account({ accountId: 'acc-broker', type: 'investment' })
    await accounts.replace('item-1', [broker])
    await accounts.replace('item-2', [account({ itemId: 'item-2' }), { ...broker, itemId: 'item-2' }])
    await rules.put(rule('netflix'))
    // Of the third nothing is known.
    expect([...(await flow.read(span)).oldRules.keys()]).toEqual(['item-2', 'item-3'])
  })

  const category = { kind: null, category: 'Fun' }

  it.each([
    ['one for a category', [], false],
    ['one for a category beside longer ones', [rule('netflix monthly')], false],
    ['one for a category that comes before a shorter one', [rule('net')], true],
    ['one for a category before another of its length', [rule('hetflix')], true],
    ['one for a category in place of what they count as', [rule('netflix')], true],
  ])('change what rows count as, or not: %s', async (_case, others, changes) => {
    const { rules } = await freshStore({ driver })
    for (const other of others) await rules.put(other)
    const before = await rules.changedAt()
    await rules.put(rule('netflix', { ...category, createdAt: at }))
    expect(await rules.changedAt()).toBe(changes ? at : before)
  })

  it('leave their mark on kept moves', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    const span = { from: '2026-11-01', to: '2026-11-30' }
    await store.flow.replace('item-1', span, [], [flowMove({ rule: 'transfer' })])
    expect(await store.flow.moves()).toStrictEqual([flowMove({ rule: 'transfer' })])
  })
})
