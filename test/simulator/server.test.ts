import { expect, it } from 'vitest'
import { openPlaid } from './harness.ts'

it('names its own faults as its own', async () => {
  await using plaid = await openPlaid({
    onExchange: () => {
      throw new Error('broken on purpose')
    },
  })
  const { status, body } = await plaid.call('/item/get')
  expect(status).toBe(500)
  expect(body.error_message).toBe('the simulator failed: broken on purpose')
})

it('says that a port is taken', async () => {
  await using plaid = await openPlaid()
  await expect(openPlaid({ port: plaid.simulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
