import { describe, expect, it } from 'vitest'
import { tools } from '../../src/tools/index.ts'
import { connectBank, household } from '../support/coffer.ts'

const readOnly = { COFFER_READ_ONLY: '1' }
const changing = tools.filter(({ effect }) => effect === 'write' || effect === 'destroy')

describe.concurrent('COFFER_READ_ONLY=1', () => {
  it('takes away every tool that changes something', async () => {
    await using house = await household()
    const copy = await house.start(readOnly)
    const listed = (await copy.client.listTools()).tools
    expect(changing.map(({ name }) => name)).toEqual([
      'connect_bank',
      'start_reauth',
      'revoke_connection',
      'set_rule',
      'sync_schedule',
      'cleanup_tokens',
    ])
    expect(listed.map(({ name }) => name)).toEqual(
      tools.filter((tool) => !changing.includes(tool)).map(({ name }) => name),
    )
    expect(listed.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([])
    for (const { name } of changing) expect(await copy.failure(name)).toMatch(/^UNKNOWN_TOOL: /)
  })

  it.for([
    ['ITEM_LOGIN_REQUIRED', 'coffer-mcp reauth --item-id'],
    ['ITEM_NOT_FOUND', 'coffer-mcp connect --replaces'],
  ] as const)('after %s the next step is a command', async ([code, command]) => {
    await using house = await household()
    const writer = await house.start()
    const { item_id: itemId } = await connectBank(writer)
    await writer.call('sync_snapshot')
    const copy = await house.start(readOnly)
    house.simulator.controls.breakItem(itemId, code)
    const [source] = (await copy.call('sync_snapshot', { max_age_minutes: 0 })).connections
    expect(source?.next_step?.text).toContain(`${command} ${itemId}`)
    expect(source?.next_step).not.toHaveProperty('tool')
    const [connection] = (await copy.call('list_connections')).connections
    expect(connection?.next_step).toEqual(source?.next_step)
  })

  it('reads as always, and names no tool that is not there', async () => {
    await using house = await household()
    const writer = await house.start()
    await connectBank(writer)
    const copy = await house.start(readOnly)
    expect((await copy.call('sync_snapshot')).complete).toBe(true)
    const empty = await (await household()).start(readOnly)
    const { warnings } = await empty.call('list_connections')
    expect(JSON.stringify(warnings)).toContain('coffer-mcp connect')
    expect(JSON.stringify(warnings)).not.toContain('connect_bank')
    await empty.close()
  })
})
