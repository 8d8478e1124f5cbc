import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { brokerage, day, minute, openPlaid } from '../harness.ts'
import { deviationsIn, kindOf, openPair, openReceiver } from './receiver.ts'

/** A simulator with a receiver, where time alone brings webhooks too. */
async function openTimed(readyAfterMs: number) {
  const receiver = await openReceiver()
  const plaid = await openPlaid({ webhookDelivery: true, timedWebhooks: true, readyAfterMs })
  const close = async () => {
    await plaid[Symbol.asyncDispose]()
    await receiver.close()
    expect(deviationsIn(receiver.received)).toEqual([])
  }
  /** The kinds of what came since the last time. */
  async function came(): Promise<string[]> {
    await plaid.controls.webhooksSettled()
    return receiver.received.slice(seen, (seen = receiver.received.length)).map(kindOf)
  }
  let seen = 0
  const { controls, sdk } = plaid
  return { plaid, controls, sdk, receiver, came, [Symbol.asyncDispose]: close }
}

describe('what time alone brings', () => {
  it('is the first transactions and then all of them', async () => {
    await using world = await openTimed(minute)
    const { access_token } = await world.plaid.connect(undefined, { webhook: world.receiver.url })
    expect(await world.came()).toEqual([])
    world.controls.advance(minute)
    expect(await world.came()).toEqual(['TRANSACTIONS:INITIAL_UPDATE'])
    await world.sdk.transactionsSync({ access_token })
    world.controls.advance(minute)
    const [historical, sync] = await world.came()
    expect([historical, sync]).toEqual([
      'TRANSACTIONS:HISTORICAL_UPDATE',
      'TRANSACTIONS:SYNC_UPDATES_AVAILABLE',
    ])
    const counts = world.receiver.received.map(({ body }) => body['new_transactions'])
    expect(counts).toEqual([expect.any(Number), expect.any(Number), undefined])
    expect(Number(counts[1])).toBeGreaterThan(Number(counts[0]))
  })

  it('is positions and debts', async () => {
    await using world = await openTimed(0)
    const webhook = world.receiver.url
    await world.plaid.connect([Products.Investments], { institution: brokerage, webhook })
    expect(await world.came()).toEqual([
      'HOLDINGS:DEFAULT_UPDATE',
      'INVESTMENTS_TRANSACTIONS:HISTORICAL_UPDATE',
    ])
    await world.plaid.connect([Products.Liabilities], { webhook })
    expect(await world.came()).toEqual(['LIABILITIES:DEFAULT_UPDATE'])
  })

  it('is a login that rots, said once, and what was missed when it is mended', async () => {
    await using world = await openTimed(0)
    const { access_token } = await world.plaid.connect(undefined, { webhook: world.receiver.url })
    await world.came()
    world.controls.advance(31 * day)
    expect(await world.came()).toEqual(['ITEM:ERROR'])
    world.controls.advance(day)
    expect(await world.came()).toEqual([])
    const link = await world.plaid.createLink({ access_token })
    await world.controls.clickLink(link.url, 'success')
    expect(await world.came()).toEqual(['TRANSACTIONS:DEFAULT_UPDATE'])
  })

  it('is the end of a consent, with its reason', async () => {
    await using world = await openTimed(0)
    const { item_id } = await world.plaid.connect(undefined, { webhook: world.receiver.url })
    await world.came()
    world.controls.setConsentExpiry(item_id, 7)
    expect(await world.came()).toEqual(['ITEM:PENDING_EXPIRATION'])
    world.controls.advance(8 * day)
    expect(await world.came()).toEqual(['ITEM:ERROR'])
    expect(world.receiver.received.at(-1)?.body['error']).toMatchObject({
      error_code: 'ITEM_LOGIN_REQUIRED',
      error_code_reason: 'OAUTH_CONSENT_EXPIRED',
      display_message: null,
      status: 400,
    })
  })

  it('is not told to an address that came later', async () => {
    await using world = await openTimed(0)
    const { access_token } = await world.plaid.connect()
    await world.sdk.itemWebhookUpdate({ access_token, webhook: world.receiver.url })
    expect(await world.came()).toEqual(['ITEM:WEBHOOK_UPDATE_ACKNOWLEDGED'])
  })
})

describe('what is done to an Item', () => {
  it('arrives as Plaid would send it', async () => {
    await using pair = await openPair()
    const { controls, item_id, plaid, access_token } = pair
    await plaid.sdk.transactionsSync({ access_token })
    controls.breakItem(item_id, 'ITEM_LOCKED')
    controls.repairItem(item_id)
    controls.setPendingDisconnect(item_id)
    controls.setConsentExpiry(item_id, 7)
    controls.revokeAccount(item_id, 'an-account')
    controls.addAccount(item_id)
    controls.addTransaction(item_id, { amount: 1, text: 'Gum' })
    controls.removeTransaction(item_id, 'a-transaction')
    controls.revoke(item_id)
    await controls.webhooksSettled()
    expect(pair.receiver.received.map(kindOf)).toEqual([
      'ITEM:ERROR',
      'ITEM:LOGIN_REPAIRED',
      'ITEM:PENDING_DISCONNECT',
      'ITEM:PENDING_EXPIRATION',
      'ITEM:USER_ACCOUNT_REVOKED',
      'ITEM:NEW_ACCOUNTS_AVAILABLE',
      'TRANSACTIONS:SYNC_UPDATES_AVAILABLE',
      'TRANSACTIONS:DEFAULT_UPDATE',
      'TRANSACTIONS:SYNC_UPDATES_AVAILABLE',
      'TRANSACTIONS:DEFAULT_UPDATE',
      'TRANSACTIONS:TRANSACTIONS_REMOVED',
      'ITEM:USER_PERMISSION_REVOKED',
    ])
    expect(deviationsIn(pair.receiver.received)).toEqual([])
  })

  it('is told for every product when the bank is asked again', async () => {
    await using plaid = await openPlaid({ webhookDelivery: true })
    await using receiver = await openReceiver()
    const webhook = receiver.url
    const owner = await plaid.connect([Products.Transactions, Products.Liabilities], { webhook })
    const broker = await plaid.connect([Products.Investments], { institution: brokerage, webhook })
    for (const { item_id } of [owner, broker]) plaid.controls.refresh(item_id)
    await plaid.controls.webhooksSettled()
    expect(receiver.received.map(kindOf)).toEqual([
      'TRANSACTIONS:DEFAULT_UPDATE',
      'LIABILITIES:DEFAULT_UPDATE',
      'HOLDINGS:DEFAULT_UPDATE',
      'INVESTMENTS_TRANSACTIONS:DEFAULT_UPDATE',
    ])
    expect(deviationsIn(receiver.received)).toEqual([])
  })
})

describe('the end of a Link session', () => {
  it('is told when it has come, and the Item when the bank let it in', async () => {
    await using plaid = await openPlaid({ webhookDelivery: true, finishAfterMs: minute })
    await using receiver = await openReceiver()
    const link = await plaid.createLink({ products: [Products.Transactions], webhook: receiver.url })
    await plaid.controls.clickLink(link.url, 'success')
    await plaid.controls.webhooksSettled()
    expect(receiver.received.map(kindOf)).toEqual(['LINK:ITEM_ADD_RESULT'])
    plaid.controls.advance(minute)
    await plaid.controls.webhooksSettled()
    expect(receiver.received.map(kindOf)).toEqual(['LINK:ITEM_ADD_RESULT', 'LINK:SESSION_FINISHED'])
    expect(deviationsIn(receiver.received)).toEqual([])
  })

  it.each([
    [false, []],
    [true, ['EXITED', 'SUCCESS']],
  ])('is told in update mode only where that is set: %s', async (updateSessionWebhook, expected) => {
    await using pair = await openPair({ updateSessionWebhook })
    const { access_token, plaid, receiver } = pair
    const link = await plaid.createLink({ access_token, webhook: receiver.url })
    await plaid.controls.clickLink(link.url, 'cancel')
    await plaid.controls.clickLink(link.url, 'success')
    await plaid.controls.webhooksSettled()
    expect(receiver.received.map(({ body }) => body['status'])).toEqual(expected)
    expect(receiver.received.flatMap(({ body }) => body['public_tokens'])).toEqual([])
    expect(deviationsIn(receiver.received)).toEqual([])
  })
})
