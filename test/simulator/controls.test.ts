import { Products } from 'plaid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { bank, openPlaid, type Plaid, start } from './harness.ts'

let plaid: Plaid
beforeAll(async () => {
  plaid = await openPlaid()
})
afterAll(async () => plaid[Symbol.asyncDispose]())

async function control(name: string, args: unknown[] = [], headers: Record<string, string> = {}) {
  const response = await fetch(`${plaid.url}/_simulator/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ args }),
  })
  return { status: response.status, body: await response.json() }
}

describe('the controls over HTTP', () => {
  it('do what they do in the process', async () => {
    const { access_token, item_id } = await plaid.connect()
    expect(await control('breakItem', [item_id, 'ITEM_LOCKED'])).toEqual({
      status: 200,
      body: { result: null },
    })
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('ITEM_LOCKED')
    await control('repairItem', [item_id])
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('OK')
  })

  it('give back what they find', async () => {
    const { item_id } = await plaid.connect()
    const items = await control('items')
    expect(items.body).toMatchObject({
      result: expect.arrayContaining([expect.objectContaining({ itemId: item_id })]),
    })
    expect(await control('now')).toMatchObject({ body: { result: plaid.controls.now() } })
  })

  it('log in through a page of the same simulator', async () => {
    const link = await plaid.createLink({ products: [Products.Transactions] })
    const { body } = await control('clickLink', [link.url, 'success', { institutionId: bank }])
    expect(body).toMatchObject({ result: { heading: 'You are connected' } })
  })

  it.each([
    ['an unknown one', 'explode', [], {}, 404],
    ['an unknown Item', 'resetLogin', ['nobody'], {}, 400],
    ['what a form on a page could send', 'now', [], { 'content-type': 'text/plain' }, 415],
    ['a page of another origin', 'now', [], { origin: 'https://example.com' }, 403],
  ])('refuse %s', async (_, name, args, headers, status) => {
    expect(await control(name, args, headers)).toMatchObject({ status, body: { error: expect.any(String) } })
  })
})

describe('the clock', () => {
  it('can be set and moved, and everything goes by it', async () => {
    await using own = await openPlaid()
    own.controls.setClock(start + 5_000)
    own.controls.advance(1_000)
    expect(own.controls.now()).toBe(start + 6_000)
    const { access_token } = await own.connect()
    const { data } = await own.sdk.itemGet({ access_token })
    expect(data.item.created_at).toBe('2026-03-10T12:00:06Z')
  })
})

describe('what is recorded', () => {
  it('is every call with its path, Item, time and end', async () => {
    await using own = await openPlaid()
    const { access_token, item_id } = await own.connect()
    await own.codeOf('/item/get', { access_token })
    await own.codeOf('/item/get', {})
    expect(own.controls.calls().slice(-2)).toEqual([
      { path: '/item/get', itemId: item_id, at: start, status: 200, errorCode: null },
      { path: '/item/get', itemId: null, at: start, status: 400, errorCode: 'MISSING_FIELDS' },
    ])
  })

  it('goes to whoever listens, with the request as it came', async () => {
    const seen: unknown[] = []
    await using own = await openPlaid({ onExchange: (exchange) => void seen.push(exchange) })
    await own.call('/webhook_verification_key/get', { key_id: 'x' })
    expect(seen).toMatchObject([
      {
        path: '/webhook_verification_key/get',
        request: { key_id: 'x' },
        status: 400,
        response: { error_code: expect.any(String) },
      },
    ])
  })
})

describe('a click', () => {
  it('types what it is told to and leaves the rest', async () => {
    const link = await plaid.createLink({ products: [Products.Transactions] })
    const click = await clickLink(link.url, 'success', { username: 'user_many', password: '3' })
    expect(click.heading).toBe('You are connected')
    const [session] = await plaid.sessionsOf(link.token)
    expect(session?.results?.item_add_results[0]?.institution?.institution_id).toBe(bank)
  })

  it('says what page it met in place of the form', async () => {
    await expect(clickLink(`${plaid.url}/link/${'a'.repeat(37)}`, 'success')).rejects.toThrow('No such link')
  })
})

describe('the data', () => {
  it('lose a row that the bank takes back', async () => {
    await using own = await openPlaid()
    const { access_token, item_id } = await own.connect()
    const { data: before } = await own.sdk.transactionsSync({ access_token, count: 500 })
    let cursor = before.next_cursor
    for (let more = before.has_more; more; ) {
      const { data } = await own.sdk.transactionsSync({ access_token, cursor, count: 500 })
      cursor = data.next_cursor
      more = data.has_more
    }
    const gone = before.added[0]?.transaction_id ?? ''
    own.controls.removeTransaction(item_id, gone)
    const { data } = await own.sdk.transactionsSync({ access_token, cursor })
    expect(data.removed.map(({ transaction_id }) => transaction_id)).toEqual([gone])
  })
})
