import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { bank, hook, minute, openPlaid } from '../harness.ts'

const dynamic = { username: 'user_transactions_dynamic', password: 'any' }
const row = {
  date_transacted: '2026-03-08',
  date_posted: '2026-03-09',
  amount: 19.99,
  description: 'Starbucks',
}

describe('/sandbox/public_token/create', () => {
  const create = '/sandbox/public_token/create'
  const request = { institution_id: bank, initial_products: ['transactions'] }

  it.each([
    ['no such bank', { institution_id: 'ins_0' }, 'INVALID_INSTITUTION'],
    ['no product', { initial_products: [] }, 'INVALID_FIELD'],
    ['balance', { initial_products: ['balance'] }, 'INVALID_FIELD'],
    ['a password that asks for it', { options: { override_password: 'error_ITEM_LOCKED' } }, 'ITEM_LOCKED'],
    ['a stranger', { options: { override_username: 'somebody' } }, 'INVALID_CREDENTIALS'],
    ['a webhook that is none', { options: { webhook: 'x' } }, 'INVALID_FIELD'],
    ['a bank that is down', { institution_id: 'ins_132361' }, 'INSTITUTION_DOWN'],
  ])('refuses %s', async (_, fields, code) => {
    await using plaid = await openPlaid()
    expect(await plaid.codeOf(create, { ...request, ...fields })).toBe(code)
  })

  it('takes a custom user, and its data stay where they are', async () => {
    await using plaid = await openPlaid()
    const transactions = [
      {
        date_transacted: '2023-05-01',
        date_posted: '2023-05-02',
        amount: 12.34,
        description: 'Books',
        currency: 'USD',
      },
    ]
    const account = { type: 'depository', subtype: 'checking', starting_balance: 100, transactions }
    const password = JSON.stringify({ version: '2', override_accounts: [account] })
    const { access_token } = await plaid.connect([Products.Transactions], {
      username: 'user_custom',
      password,
    })
    const { data } = await plaid.sdk.transactionsSync({ access_token })
    expect(data.added.map(({ amount, name }) => [amount, name])).toEqual([[12.34, 'Books']])
    plaid.controls.advance(3 * 86_400_000)
    const { data: later } = await plaid.sdk.transactionsSync({ access_token, cursor: data.next_cursor })
    expect([later.added, later.modified, later.removed]).toEqual([[], [], []])
  })
})

describe('/sandbox/item/reset_login', () => {
  it('breaks the Item and tells its webhook', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect([Products.Transactions], { webhook: hook })
    await plaid.sdk.sandboxItemResetLogin({ access_token })
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('ITEM_LOGIN_REQUIRED')
    expect(plaid.controls.webhooks()).toMatchObject([
      {
        url: hook,
        payload: { webhook_type: 'ITEM', webhook_code: 'ERROR', item_id, environment: 'sandbox' },
      },
    ])
  })
})

describe('/sandbox/transactions/create', () => {
  const create = '/sandbox/transactions/create'

  it.each([
    ['11 rows', Array.from({ length: 11 }, () => row)],
    ['a row of last month', [{ ...row, date_transacted: '2026-02-01' }]],
    ['a row of tomorrow', [{ ...row, date_posted: '2026-03-11' }]],
    ['a row posted before it happened', [{ ...row, date_posted: '2026-03-07' }]],
  ])('refuses %s, and tells the person the same', async (_, transactions) => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], dynamic)
    const { body } = await plaid.call(create, { access_token, transactions })
    expect(body.error_code).toBe('INVALID_FIELD')
    expect(body.display_message).toBe(body.error_message)
  })

  it("is only for the dynamic user, and shows in that user's next sync", async () => {
    await using plaid = await openPlaid()
    const other = await plaid.connect()
    expect(await plaid.codeOf(create, { access_token: other.access_token, transactions: [row] })).toBe(
      'INVALID_FIELD',
    )
    const { access_token } = await plaid.connect([Products.Transactions], dynamic)
    const { data: before } = await plaid.sdk.transactionsSync({ access_token, count: 500 })
    await plaid.sdk.sandboxTransactionsCreate({ access_token, transactions: [row] })
    const { data } = await plaid.sdk.transactionsSync({ access_token, cursor: before.next_cursor })
    expect(data.added.find(({ name }) => name === 'Starbucks')).toMatchObject({
      amount: 19.99,
      date: '2026-03-09',
      authorized_date: '2026-03-08',
      pending: false,
    })
  })

  it('may be called twice a minute', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], dynamic)
    const codes = []
    for (let n = 0; n < 3; n++) codes.push(await plaid.codeOf(create, { access_token, transactions: [row] }))
    expect(codes).toEqual(['OK', 'OK', 'RATE_LIMIT'])
    plaid.controls.advance(minute)
    expect(await plaid.codeOf(create, { access_token, transactions: [row] })).toBe('OK')
  })
})

describe('/sandbox/item/set_verification_status', () => {
  it('shows on the account', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { data: before } = await plaid.sdk.accountsGet({ access_token })
    const account_id = before.accounts[0]?.account_id ?? ''
    const sent = { access_token, account_id, verification_status: 'verification_expired' }
    expect(await plaid.codeOf('/sandbox/item/set_verification_status', sent)).toBe('OK')
    const { data: after } = await plaid.sdk.accountsGet({ access_token })
    expect(after.accounts[0]?.verification_status).toBe('verification_expired')
  })
})
