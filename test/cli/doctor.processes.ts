import { expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { run } from './process.ts'

it('finds nothing wrong with a dead connection that another one has replaced', async () => {
  await using house = await household()
  const copy = await house.start()
  const old = await connectBank(copy)
  const refusal = { kind: 'error', code: 'INVALID_ACCESS_TOKEN' } as const
  house.simulator.controls.failNext('/item/get', refusal, { itemId: old.item_id })
  await copy.call('list_connections', { refresh: true })
  expect(await run(['doctor'], house.env)).toMatchObject({ code: 1, stdout: expect.stringContaining('✗') })

  const next = await connectBank(copy, {}, { replaces: old.item_id })
  const { code, stdout } = await run(['doctor'], house.env)
  expect(stdout).toContain(`counts through that connection (item_id ${next.item_id})`)
  expect({ code, wrong: stdout.includes('✗') }).toEqual({ code: 0, wrong: false })
})
