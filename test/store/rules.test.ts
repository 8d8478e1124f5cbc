import { describe, expect, it } from 'vitest'
import type { Rule } from '../../src/model.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { connection, flowMove } from './rows.ts'

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
    expect(await rules.remove('net')).toBe(false)
    expect(await rules.remove('netflix')).toBe(true)
    expect(await rules.list()).toEqual([])
  })

  it('leave their mark on kept moves', async () => {
    const store = await freshStore({ driver })
    await store.connections.insert(connection(), 'sealed')
    const span = { from: '2026-11-01', to: '2026-11-30' }
    await store.flow.replace('item-1', span, [], [flowMove({ rule: 'transfer' })])
    expect(await store.flow.moves()).toStrictEqual([flowMove({ rule: 'transfer' })])
  })
})
