import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { bank, day, hook, minute, openPlaid } from '../harness.ts'

describe('the exchange', () => {
  it('gives the same Item for the same public token', async () => {
    await using plaid = await openPlaid()
    const { data } = await plaid.sdk.sandboxPublicTokenCreate({
      institution_id: bank,
      initial_products: [Products.Transactions],
    })
    expect(data.public_token).toMatch(/^public-sandbox-[0-9a-f-]{36}$/)
    const first = await plaid.exchange(data.public_token)
    expect(await plaid.exchange(data.public_token)).toEqual(first)
    expect(first.access_token).toMatch(/^access-sandbox-[0-9a-f-]{36}$/)
    expect(first.item_id).toMatch(/^[0-9A-Za-z]{37}$/)
    expect(first.item_id).not.toBe(first.item_id.toLowerCase())
  })

  it('is over after half an hour', async () => {
    await using plaid = await openPlaid()
    const { data } = await plaid.sdk.sandboxPublicTokenCreate({
      institution_id: bank,
      initial_products: [Products.Transactions],
    })
    plaid.controls.advance(30 * minute)
    const code = await plaid.codeOf('/item/public_token/exchange', { public_token: data.public_token })
    expect(code).toBe('INVALID_PUBLIC_TOKEN')
  })

  it('makes a second Item with other ids of the same login', async () => {
    await using plaid = await openPlaid()
    const one = await plaid.connect()
    const two = await plaid.connect()
    expect(two.item_id).not.toBe(one.item_id)
    const { data: first } = await plaid.sdk.accountsGet({ access_token: one.access_token })
    const { data: second } = await plaid.sdk.accountsGet({ access_token: two.access_token })
    expect(second.accounts.map(({ mask }) => mask)).toEqual(first.accounts.map(({ mask }) => mask))
    expect(second.accounts[0]?.account_id).not.toBe(first.accounts[0]?.account_id)
  })
})

describe('/item/get', () => {
  it('tells the products, the consent and how fresh the data are', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connectByLink({
      additional_consented_products: [Products.Investments],
      webhook: hook,
    })
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item).toMatchObject({
      institution_id: bank,
      institution_name: 'First Platypus Bank',
      webhook: hook,
      billed_products: ['transactions'],
      consented_products: ['transactions', 'investments'],
      error: null,
      update_type: 'background',
    })
    expect(data.item.available_products).toContain('investments')
    expect(data.item.available_products).not.toContain('transactions')
    expect(data.status?.transactions?.last_successful_update).toBe('2026-03-10T12:00:00Z')
    expect(data.status?.last_webhook).toBeNull()
  })

  it('has no successful update before the first, and another four times a day', async () => {
    await using plaid = await openPlaid({ readyAfterMs: minute })
    const { access_token } = await plaid.connect()
    const lastUpdate = async () => {
      const { data } = await plaid.sdk.itemGet({ access_token })
      return data.status?.transactions?.last_successful_update
    }
    expect(await lastUpdate()).toBeNull()
    plaid.controls.advance(minute)
    expect(await lastUpdate()).toBe('2026-03-10T12:01:00Z')
    plaid.controls.advance(day)
    expect(await lastUpdate()).toBe('2026-03-11T12:00:00Z')
  })

  it('answers 200 with the error of an Item in trouble, and stops the clock of its data', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect([Products.Transactions], { webhook: hook })
    plaid.controls.resetLogin(item_id)
    plaid.controls.advance(2 * day)
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item.error).toMatchObject({ error_type: 'ITEM_ERROR', error_code: 'ITEM_LOGIN_REQUIRED' })
    expect(data.status?.transactions?.last_failed_update).toBe('2026-03-10T12:00:00Z')
    expect(data.status?.transactions?.last_successful_update).toBe('2026-03-10T12:00:00Z')
    expect(data.status?.last_webhook).toEqual({ sent_at: '2026-03-10T12:00:00Z', code_sent: 'ERROR' })
  })
})

describe('the end of a token', () => {
  it('comes with its removal', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const reason = { reason_code: 'OTHER', reason_note: 'moved' }
    expect(await plaid.codeOf('/item/remove', { access_token, ...reason })).toBe('OK')
    expect(await plaid.codeOf('/item/get', { access_token })).toBe('ITEM_NOT_FOUND')
    expect(await plaid.codeOf('/item/remove', { access_token })).toBe('ITEM_NOT_FOUND')
    expect(plaid.controls.items()).toEqual([])
  })

  it('comes with a new one, at once', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { data } = await plaid.sdk.itemAccessTokenInvalidate({ access_token })
    expect(await plaid.codeOf('/item/get', { access_token })).toBe('INVALID_ACCESS_TOKEN')
    expect(await plaid.codeOf('/item/get', { access_token: data.new_access_token })).toBe('OK')
  })
})

describe('/item/webhook/update', () => {
  it('changes the address and tells the new one', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    await plaid.sdk.itemWebhookUpdate({ access_token, webhook: hook })
    const [sent] = plaid.controls.webhooks()
    expect(sent).toMatchObject({
      url: hook,
      payload: { webhook_code: 'WEBHOOK_UPDATE_ACKNOWLEDGED', new_webhook_url: hook },
    })
  })

  it.each([null, ''])('takes the address away with %j', async (webhook) => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { webhook: hook })
    expect(await plaid.codeOf('/item/webhook/update', { access_token, webhook })).toBe('OK')
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item.webhook).toBe('')
    expect(plaid.controls.webhooks()).toEqual([])
  })
})

describe('an Item in trouble', () => {
  const data = ['/accounts/get', '/accounts/balance/get', '/transactions/sync', '/liabilities/get']

  it('gives no data, but can be removed, renewed and repaired', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect([Products.Transactions, Products.Liabilities])
    plaid.controls.resetLogin(item_id)
    for (const path of data) expect(await plaid.codeOf(path, { access_token })).toBe('ITEM_LOGIN_REQUIRED')
    expect(await plaid.codeOf('/item/webhook/update', { access_token, webhook: hook })).toBe('OK')
    await plaid.createLink({ access_token })
    expect(await plaid.codeOf('/item/remove', { access_token })).toBe('OK')
  })

  it('may go on giving what is cached, never a live balance', async () => {
    await using plaid = await openPlaid({ answerWhenBroken: true })
    const { access_token, item_id } = await plaid.connect([Products.Transactions, Products.Liabilities])
    plaid.controls.resetLogin(item_id)
    const codes = await Promise.all(data.map((path) => plaid.codeOf(path, { access_token })))
    expect(codes).toEqual(['OK', 'ITEM_LOGIN_REQUIRED', 'OK', 'OK'])
  })

  it.each([
    ['a login rots after 30 days', 30, 'sandbox', 'ITEM_LOGIN_REQUIRED'],
    ['not a moment before', 29.99, 'sandbox', null],
  ] as const)('%s', async (_, days, environment, code) => {
    await using plaid = await openPlaid({ environment })
    const { access_token } = await plaid.connect()
    plaid.controls.advance(days * day)
    const { data: got } = await plaid.sdk.itemGet({ access_token })
    expect(got.item.error?.error_code ?? null).toBe(code)
  })

  it('says that a consent has run out, and when it will', async () => {
    await using plaid = await openPlaid({ rotAfterDays: 1_000 })
    const oauth = { institution: 'ins_127287' }
    const { access_token } = await plaid.connect([Products.Transactions], oauth)
    const { data: before } = await plaid.sdk.itemGet({ access_token })
    expect(before.item.consent_expiration_time).toBe('2027-03-10T12:00:00Z')
    plaid.controls.advance(365 * day)
    const { data: after } = await plaid.sdk.itemGet({ access_token })
    expect(after.item.error).toMatchObject({
      error_code: 'ITEM_LOGIN_REQUIRED',
      error_code_reason: 'OAUTH_CONSENT_EXPIRED',
    })
  })

  it('is healthy until the disconnect that was announced', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect()
    plaid.controls.setPendingDisconnect(item_id)
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('OK')
    plaid.controls.advance(7 * day)
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('ITEM_LOGIN_REQUIRED')
  })
})
