import { describe, expect, it } from 'vitest'
import { baseEnv, connectBank, type Copy, household, startCopy } from '../support/coffer.ts'

async function textOf(
  copy: Copy,
  args: Record<string, string> = {},
  name = 'fix_connections',
): Promise<string> {
  const { messages } = await copy.client.getPrompt({ name, arguments: args })
  const [message, ...more] = messages
  expect(more).toEqual([])
  expect(message?.role).toBe('user')
  return message?.content.type === 'text' ? message.content.text : ''
}

async function completed(copy: Copy, value: string, name = 'item_id'): Promise<string[]> {
  const ref = { type: 'ref/prompt' as const, name: 'fix_connections' }
  return (await copy.client.complete({ ref, argument: { name, value } })).completion.values
}

describe.concurrent('fix_connections', () => {
  it('is made from the state at the moment it is asked for', async () => {
    await using house = await household()
    const copy = await house.start()
    expect(await textOf(copy)).toContain('No bank is connected yet')
    const { item_id: wellId } = await connectBank(copy, { institutionId: 'ins_109511' })
    const { item_id: itemId } = await connectBank(copy)
    expect(await textOf(copy)).toContain('nothing is broken (all 2 connections)')
    expect(await completed(copy, '')).toEqual([])

    house.simulator.controls.resetLogin(itemId)
    await copy.call('list_connections', { refresh: true })
    const text = await textOf(copy)
    expect(text).toContain(`1. First Platypus Bank, item_id ${itemId}: needs_reauth (ITEM_LOGIN_REQUIRED)`)
    expect(text).not.toContain(wellId)
    expect(await textOf(copy, { item_id: itemId })).toContain(`1. First Platypus Bank, item_id ${itemId}`)
    expect(await textOf(copy, { item_id: wellId })).toContain('nothing is broken (Tartan Bank)')
    expect([await completed(copy, ''), await completed(copy, itemId.slice(0, 4))]).toEqual([
      [itemId],
      [itemId],
    ])
    expect(await completed(copy, wellId)).toEqual([])
    for (const name of ['colour', 'constructor', '__proto__', 'valueOf'])
      expect(await completed(copy, '', name)).toEqual([])

    const readOnly = await house.start({ COFFER_READ_ONLY: '1' })
    expect(await textOf(readOnly)).toContain(`In a shell: coffer-mcp reauth --item-id ${itemId}`)
    await expect(textOf(copy, { item_id: 'no-such-item' })).rejects.toMatchObject({
      code: -32_602,
      data: { code: 'UNKNOWN_CONNECTION' },
    })
    await expect(textOf(copy, { colour: 'red' })).rejects.toThrow(/INVALID_ARGUMENTS.*It takes: item_id\./)
  })

  it('without keys is listed, says what to set, and shows the way all the same', async () => {
    await using house = await household()
    const copy = await startCopy(baseEnv(house.home))
    const { prompts } = await copy.client.listPrompts()
    expect(prompts).toMatchObject([
      { name: 'financial_coach', arguments: [{ name: 'focus', required: false }] },
      {
        name: 'fix_connections',
        title: 'Repair my bank connections',
        arguments: [{ name: 'item_id', required: false }],
      },
      { name: 'monthly_review', arguments: [{ name: 'month', required: false }] },
    ])
    const text = await textOf(copy)
    for (const word of ['NOT_CONFIGURED', 'PLAID_CLIENT_ID', 'start_reauth', 'check_connection'])
      expect(text).toContain(word)
    expect(await completed(copy, '')).toEqual([])
    const unknown = copy.client.getPrompt({ name: 'no_such_prompt' })
    await expect(unknown).rejects.toMatchObject({ code: -32_602 })
    await expect(unknown).rejects.toThrow(
      /The prompts are: financial_coach, fix_connections, monthly_review\./,
    )
    await copy.close()
  })
})

describe.concurrent('the coach and the review', () => {
  it('are made from the state at the moment they are asked for', async () => {
    await using house = await household()
    const copy = await house.start()
    const names = ['financial_coach', 'monthly_review']
    for (const name of names) expect(await textOf(copy, {}, name)).toContain('No bank is connected yet')
    const { item_id: itemId } = await connectBank(copy)
    await copy.call('sync_snapshot')
    for (const name of names) expect(await textOf(copy, {}, name)).toContain('is fresh, from all of my 1')
    house.simulator.controls.resetLogin(itemId)
    await copy.call('list_connections', { refresh: true })
    for (const name of names) {
      const text = await textOf(copy, {}, name)
      expect(text).toContain(`- First Platypus Bank, item_id ${itemId}: needs_reauth (ITEM_LOGIN_REQUIRED)`)
      expect(text).toContain(`Call start_reauth with item_id=${itemId}.`)
    }
    expect(await textOf(copy, { focus: 'a new car' }, 'financial_coach')).toContain('a new car')
    expect(await textOf(copy, { month: '2026-01' }, 'monthly_review')).toContain('2026-01-01 to 2026-01-31')
    const refused = textOf(copy, { month: 'May' }, 'monthly_review')
    await expect(refused).rejects.toThrow(/INVALID_ARGUMENTS: .*must be a month such as 2026-10/)
  })
})
