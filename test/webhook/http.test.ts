import { describe, expect, it } from 'vitest'
import { listening } from './listening.ts'

const repaired = {
  webhook_type: 'ITEM',
  webhook_code: 'LOGIN_REPAIRED',
  item_id: 'item-1',
  environment: 'sandbox',
}

describe('a webhook of Plaid', () => {
  it('is stored and answered with 200', async () => {
    const plaid = await listening()
    const iat = Math.floor(Date.now() / 1000) - 5
    expect(await plaid.post(repaired, { iat })).toMatchObject({ status: 200, body: 'ok' })
    expect(await plaid.pending()).toMatchObject([
      { itemId: 'item-1', event: { type: 'login_repaired' }, sentAt: new Date(iat * 1000).toISOString() },
    ])
    expect(plaid.stored()).toBe(1)
  })
})
