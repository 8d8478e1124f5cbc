import { AccountType, Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { day, openPlaid } from '../harness.ts'

const capitalOne = { institution: 'ins_128026' }

describe('accounts', () => {
  it('are those asked for, in the order asked', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { data: all } = await plaid.sdk.accountsGet({ access_token })
    const ids = all.accounts.map(({ account_id }) => account_id).toReversed()
    const { data } = await plaid.sdk.accountsGet({ access_token, options: { account_ids: ids } })
    expect(data.accounts.map(({ account_id }) => account_id)).toEqual(ids)
  })

  it('lose the one whose permission was taken back, for good', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect()
    const { data: before } = await plaid.sdk.accountsGet({ access_token })
    const gone = before.accounts[0]?.account_id ?? ''
    plaid.controls.revokeAccount(item_id, gone)
    const { data: after } = await plaid.sdk.accountsGet({ access_token })
    expect(after.accounts).toHaveLength(before.accounts.length - 1)
    const options = { account_ids: [gone] }
    expect(await plaid.codeOf('/accounts/get', { access_token, options })).toBe('INVALID_ACCOUNT_ID')
  })

  it('move with the days', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const total = async () => {
      const { data } = await plaid.sdk.accountsGet({ access_token })
      return data.accounts.map(({ balances }) => balances.current)
    }
    const before = await total()
    expect(await total()).toEqual(before)
    plaid.controls.advance(10 * day)
    expect(await total()).not.toEqual(before)
  })
})

it('takes as long over a live balance as it is told', async () => {
  await using plaid = await openPlaid({ balanceLatencyMs: 60_000 })
  const { access_token } = await plaid.connect()
  expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('OK')
  const signal = AbortSignal.timeout(50)
  await expect(plaid.sdk.accountsBalanceGet({ access_token }, { signal })).rejects.toMatchObject({
    code: 'ERR_CANCELED',
  })
})

describe('Capital One', () => {
  const get = '/accounts/balance/get'
  const since = (min_last_updated_datetime: string) => ({ options: { min_last_updated_datetime } })

  it.each([
    ['asks how old a balance may be', {}, 'INVALID_FIELD'],
    ['gives the last one', since('2026-03-10T12:00:00Z'), 'OK'],
    ['refuses what it has not got yet', since('2026-03-10T12:00:01Z'), 'LAST_UPDATED_DATETIME_OUT_OF_RANGE'],
    ['takes no day for a time', since('2026-03-10'), 'INVALID_FIELD'],
  ])('%s', async (_, fields, code) => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], capitalOne)
    expect(await plaid.codeOf(get, { access_token, ...fields })).toBe(code)
  })

  it('asks nothing for a checking account, and always says how old a balance is', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], capitalOne)
    const { data: all } = await plaid.sdk.accountsGet({ access_token })
    const checking = all.accounts.filter(({ type }) => type === AccountType.Depository)
    const options = { account_ids: checking.map(({ account_id }) => account_id) }
    const { data } = await plaid.sdk.accountsBalanceGet({ access_token, options })
    expect(data.accounts[0]?.balances.last_updated_datetime).toBe('2026-03-10T12:00:00Z')
    expect(all.accounts[0]?.balances).not.toHaveProperty('last_updated_datetime')
  })

  it('is the only bank that asks', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { data } = await plaid.sdk.accountsBalanceGet({ access_token })
    expect(data.accounts[0]?.balances).not.toHaveProperty('last_updated_datetime')
  })
})
