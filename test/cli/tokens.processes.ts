import { describe, expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { run, runJson } from './process.ts'
import { atTerminal, keys, noTerminal } from './terminal.ts'
import { until } from '../support/until.ts'

async function twoBanks() {
  const house = await household()
  const copy = await house.start()
  const first = (await connectBank(copy)).item_id
  const second = (await connectBank(copy, { institutionId: 'ins_109511' })).item_id
  const { controls } = house.simulator
  const alive = () => controls.items().flatMap((item) => (item.removed ? [] : [item.itemId]))
  return {
    house,
    copy,
    first,
    second,
    alive,
    controls,
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

describe('tokens revoke', () => {
  it('without a terminal does nothing, unless --yes says so', async () => {
    await using bank = await twoBanks()
    const refused = await run(['tokens', 'revoke', bank.first], bank.house.env)
    expect(refused).toMatchObject({ code: 77, stdout: '', stderr: expect.stringMatching(/^NOT_CONFIRMED: /) })
    expect(bank.alive()).toEqual([bank.first, bank.second])
    const { code, stdout } = await run(['tokens', 'revoke', bank.first, '--yes'], bank.house.env)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('is removed.') })
    expect(bank.alive()).toEqual([bank.second])
    // The copy that runs beside it counts it no more.
    expect((await bank.copy.call('list_connections')).connections.map((row) => row.item_id)).toEqual([
      bank.second,
    ])
    const snapshot = await bank.copy.call('sync_snapshot', { max_age_minutes: -1 })
    expect(snapshot.connections.map((row) => row.item_id)).toEqual([bank.second])
  })

  it('by two commands at once removes once, and neither fails', async () => {
    await using bank = await twoBanks()
    const both = await Promise.all(
      [1, 2].map(() => run(['tokens', 'revoke', bank.first, '--yes'], bank.house.env)),
    )
    expect(both.map(({ code, stderr }) => [code === 0 || stderr.includes('UNKNOWN_CONNECTION')])).toEqual([
      [true],
      [true],
    ])
    const { analytics } = await bank.copy.call('token_analytics')
    expect(analytics).toMatchObject({ total_tokens: 2, active_tokens: 1, revoked_tokens: 1 })
  })

  it('--all ends every connection, and says it in JSON', async () => {
    await using bank = await twoBanks()
    const { code, json } = await runJson(['tokens', 'revoke', '--all', '--yes'], bank.house.env)
    expect(code).toBe(0)
    expect(json).toMatchObject({ revoked_count: 2 })
    expect(bank.alive()).toEqual([])
    expect(await run(['tokens', 'revoke', '--all'], bank.house.env)).toMatchObject({ code: 0 })
  })

  it('says that Plaid has not confirmed it, and keeps it', async () => {
    await using bank = await twoBanks()
    bank.controls.failNext('/item/remove', { kind: 'html', status: 502 })
    const { code, stdout } = await run(['tokens', 'revoke', bank.first, '--yes'], bank.house.env)
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('tried again once a day') })
    const { connections } = await bank.copy.call('list_connections', { status: 'removing' })
    expect(connections).toMatchObject([{ item_id: bank.first }])
  })

  it.each([[[]], [['x', '--all']]])('%j is asked wrongly', async (more) => {
    await using house = await household()
    expect(await run(['tokens', 'revoke', ...more], house.env)).toMatchObject({ code: 2, stdout: '' })
  })

  it.skipIf(noTerminal !== null)('asks at a terminal, where the first answer is no', async () => {
    await using bank = await twoBanks()
    for (const [typed, code, left] of [
      [keys.enter, 77, 2],
      ['y', 0, 1],
    ] as const) {
      const terminal = atTerminal(['tokens', 'revoke', bank.first], bank.house.env)
      await until(() => terminal.screen().includes('Remove First Platypus Bank?'))
      terminal.type(typed)
      expect(await terminal.ended).toBe(code)
      expect(bank.alive()).toHaveLength(left)
    }
  })
})

describe('tokens cleanup', () => {
  it('shows what it would remove, asks for a yes, and does it', async () => {
    await using bank = await twoBanks()
    bank.controls.breakItem(bank.first, 'ITEM_NOT_FOUND')
    const { env } = bank.house
    const dry = await runJson(['tokens', 'cleanup', '--dry-run'], env)
    expect(dry).toMatchObject({ code: 0, json: { statistics: { total_checked: 2, total_cleaned: 1 } } })
    expect(await run(['tokens', 'cleanup'], env)).toMatchObject({ code: 77, stdout: '' })
    const { code, stdout } = await run(['tokens', 'cleanup', '--yes'], env)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/expired removed +1\n/) })
    expect((await bank.copy.call('list_connections')).total).toBe(1)
    expect(await run(['tokens', 'cleanup'], env)).toMatchObject({ code: 0 })
  })
})
