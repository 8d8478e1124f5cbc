import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { bank, brokerage, hour, minute, openPlaid } from '../harness.ts'

const products = [Products.Transactions]

describe('a new connection', () => {
  it('opens, runs, succeeds', async () => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products })
    await fetch(link.url)
    const [running] = await plaid.sessionsOf(link.token)
    expect(running).toMatchObject({ finished_at: null, results: null, exit: null, on_success: null })

    await plaid.controls.clickLink(link.url, 'success')
    const [still, done] = await plaid.sessionsOf(link.token)
    expect(still).toEqual(running)
    expect(done).toMatchObject({ finished_at: '2026-03-10T12:00:00Z', exit: null, on_exit: null })
    const [added] = done?.results?.item_add_results ?? []
    expect(added?.institution).toEqual({ name: 'First Platypus Bank', institution_id: bank })
    expect(done?.on_success?.public_token).toBe(added?.public_token)
    expect(done?.events?.map(({ event_name }) => event_name)).toEqual([
      'HANDOFF',
      'SUBMIT_CREDENTIALS',
      'SELECT_INSTITUTION',
      'TRANSITION_VIEW',
      'OPEN',
    ])
  })

  it('shows the accounts before the exchange under the ids that they keep', async () => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products })
    await plaid.controls.clickLink(link.url, 'success')
    const [session] = await plaid.sessionsOf(link.token)
    const [added] = session?.results?.item_add_results ?? []
    const { access_token } = await plaid.exchange(added?.public_token ?? '')
    const { data } = await plaid.sdk.accountsGet({ access_token })
    expect(added?.accounts.map(({ id, mask }) => [id, mask])).toEqual(
      data.accounts.map(({ account_id, mask }) => [account_id, mask]),
    )
  })

  it('has its results before its end, where the end takes time', async () => {
    await using plaid = await openPlaid({ finishAfterMs: minute })
    const link = await plaid.createLink({ products })
    await plaid.controls.clickLink(link.url, 'success')
    const [early] = await plaid.sessionsOf(link.token)
    expect(early).toMatchObject({ finished_at: null, on_success: null })
    expect(early?.results?.item_add_results).toHaveLength(1)
    plaid.controls.advance(minute)
    const [late] = await plaid.sessionsOf(link.token)
    expect(late?.finished_at).toBe('2026-03-10T12:01:00Z')
    expect(late?.on_success).not.toBeNull()
  })

  it('can be tried again after a wrong password, and given up', async () => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products })
    const refused = await plaid.controls.clickLink(link.url, 'wrong')
    expect(refused.refusal).toContain('credentials were not correct')
    const left = await plaid.controls.clickLink(link.url, 'cancel')
    expect(left.heading).toBe('You left the bank')
    const [wrong, cancelled] = await plaid.sessionsOf(link.token)
    expect(wrong?.finished_at).toBeNull()
    expect(wrong?.events?.[0]).toMatchObject({
      event_name: 'ERROR',
      event_metadata: { error_code: 'INVALID_CREDENTIALS' },
    })
    expect(cancelled).toMatchObject({ results: null, on_success: null, exit: { error: null } })
    expect(cancelled?.exit).toEqual(cancelled?.on_exit)
  })

  it('carries the last refusal in the exit', async () => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products })
    const opened = await (await fetch(link.url)).text()
    const action = /action="([^"]*)"/.exec(opened)?.[1] ?? ''
    const post = (choice: string) =>
      fetch(plaid.url + action, {
        method: 'POST',
        body: new URLSearchParams({ institution_id: bank, username: 'u', password: 'p', choice }),
      })
    await post('success')
    await post('cancel')
    const [session] = await plaid.sessionsOf(link.token)
    expect(session?.exit).toMatchObject({
      error: { error_type: 'ITEM_ERROR', error_code: 'INVALID_CREDENTIALS' },
      metadata: { institution: { institution_id: bank }, status: 'requires_credentials' },
    })
    expect((await post('success')).status).toBe(409)
  })

  it.each([
    ['error_ITEM_LOCKED', bank, 'locked'],
    ['pass_good', 'ins_132361', 'not currently responding'],
    ['pass_good', brokerage, 'not supported'],
  ])('refuses the password %s at %s', async (password, institutionId, words) => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products })
    const click = await plaid.controls.clickLink(link.url, 'success', { institutionId, password })
    expect(click.refusal).toContain(words)
  })

  it('keeps a session for six hours after its end', async () => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products, hosted_link: { url_lifetime_seconds: 86_400 } })
    await fetch(link.url)
    await plaid.controls.clickLink(link.url, 'success')
    plaid.controls.advance(6 * hour - 1)
    expect(await plaid.sessionsOf(link.token)).toHaveLength(2)
    plaid.controls.advance(1)
    expect(await plaid.sessionsOf(link.token)).toHaveLength(1)
  })

  it('tells the webhook of the link how it ended', async () => {
    await using plaid = await openPlaid()
    const link = await plaid.createLink({ products, webhook: 'https://example.com/link' })
    await plaid.controls.clickLink(link.url, 'cancel')
    await plaid.controls.clickLink(link.url, 'success')
    const sent = plaid.controls.webhooks().map(({ payload }) => [payload['webhook_code'], payload['status']])
    expect(sent).toEqual([
      ['SESSION_FINISHED', 'EXITED'],
      ['ITEM_ADD_RESULT', undefined],
      ['SESSION_FINISHED', 'SUCCESS'],
    ])
  })
})

describe('update mode', () => {
  it.each([true, false])('mends the login, with on_success: %s', async (updateOnSuccess) => {
    await using plaid = await openPlaid({ updateOnSuccess })
    const { access_token, item_id } = await plaid.connect(products)
    plaid.controls.resetLogin(item_id)
    const link = await plaid.createLink({ access_token })
    await plaid.controls.clickLink(link.url, 'success')

    const [session] = await plaid.sessionsOf(link.token)
    expect(session?.finished_at).not.toBeNull()
    expect(session?.exit).toBeNull()
    expect(session?.on_success === null).toBe(!updateOnSuccess)
    expect(session?.results?.item_add_results ?? []).toEqual([])
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item).toMatchObject({ item_id, error: null })
    expect(plaid.controls.items()).toHaveLength(1)
  })

  it('lets nobody else mend it', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect(products)
    plaid.controls.resetLogin(item_id)
    const link = await plaid.createLink({ access_token })
    const click = await plaid.controls.clickLink(link.url, 'success', {
      username: 'user_many',
      password: '5',
    })
    expect(click.refusal).toContain('not correct')
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('ITEM_LOGIN_REQUIRED')
  })

  it('moves the end of consent a year on and calls a disconnect off', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect(products, { institution: 'ins_127287' })
    plaid.controls.setConsentExpiry(item_id, 3)
    plaid.controls.setPendingDisconnect(item_id, 2)
    plaid.controls.advance(hour)
    const link = await plaid.createLink({ access_token })
    await plaid.controls.clickLink(link.url, 'success')
    plaid.controls.advance(4 * 24 * hour)
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item.error).toBeNull()
    expect(data.item.consent_expiration_time).toBe('2027-03-10T13:00:00Z')
  })

  it('adds new accounts only with account selection', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect(products)
    const id = plaid.controls.addAccount(item_id)
    const ids = async () => {
      const { data } = await plaid.sdk.accountsGet({ access_token })
      return data.accounts.map(({ account_id }) => account_id)
    }
    const update = async (account_selection_enabled: boolean) => {
      const link = await plaid.createLink({ access_token, update: { account_selection_enabled } })
      await plaid.controls.clickLink(link.url, 'success')
    }
    await update(false)
    expect(await ids()).not.toContain(id)
    await update(true)
    expect(await ids()).toContain(id)
  })

  it('adds a consent that was missing', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect(products)
    expect(await plaid.codeOf('/liabilities/get', { access_token })).toBe('ADDITIONAL_CONSENT_REQUIRED')
    const link = await plaid.createLink({
      access_token,
      additional_consented_products: [Products.Liabilities],
    })
    await plaid.controls.clickLink(link.url, 'success')
    expect(await plaid.codeOf('/liabilities/get', { access_token })).toBe('OK')
    const { data } = await plaid.sdk.itemGet({ access_token })
    expect(data.item.billed_products).toEqual(['transactions', 'liabilities'])
  })

  it('is over once the Item is removed', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect(products)
    const link = await plaid.createLink({ access_token })
    await plaid.sdk.itemRemove({ access_token })
    expect((await fetch(link.url)).status).toBe(410)
  })
})
