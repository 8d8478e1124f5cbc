import { describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'
import { until } from '../support/until.ts'

const login = { username: 'user_good', password: 'pass_good' }
const otherBank = { institutionId: 'ins_109511' }

async function broken(house: Household): Promise<{ copy: Copy; itemId: string }> {
  const copy = await house.start()
  const { item_id: itemId } = await connectBank(copy)
  await copy.call('sync_snapshot')
  house.simulator.controls.resetLogin(itemId)
  await copy.call('list_connections', { refresh: true })
  return { copy, itemId }
}

/** Without a login the one is typed that the bank knows. */
async function finish(copy: Copy, link: Results['start_reauth'], typing: object = login) {
  await clickLink(link.url ?? '', 'success', typing)
  return await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
}

describe.concurrent('start_reauth', () => {
  it.for([true, false])('is proved by Plaid, whether Link says success or nothing (%s)', async (says) => {
    await using house = await household({ updateOnSuccess: says })
    const { copy, itemId } = await broken(house)
    const link = await copy.call('start_reauth', { item_id: itemId })
    expect(link).toMatchObject({ item_id: itemId, already_active: false, opened: false })
    expect(await finish(copy, link)).toMatchObject({
      outcome: 'repaired',
      connection: { item_id: itemId, status: 'active', needs_reauth: false },
    })
    expect(house.simulator.controls.items()).toHaveLength(1)
    const after = await copy.call('sync_snapshot')
    expect(after.complete).toBe(true)
  })

  it('a login that Link calls finished and Plaid does not call whole is not repaired', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const link = await copy.call('start_reauth')
    await clickLink(link.url ?? '', 'success', login)
    house.simulator.controls.resetLogin(itemId)
    const result = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 3 })
    expect(result.outcome).not.toBe('repaired')
    expect(result.connection).toMatchObject({ status: 'needs_reauth', needs_reauth: true })
  })

  it('gives a way out where only the data ask for a login that Plaid calls whole', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    // The first fetch, in the background, must not be the one that meets the fault.
    await copy.call('sync_snapshot')
    const refused = { kind: 'error', code: 'ITEM_LOGIN_REQUIRED' } as const
    house.simulator.controls.failNext('/accounts/get', refused, { itemId })
    const snapshot = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(snapshot.connections[0]).toMatchObject({ status: 'needs_reauth' })
    const calm = await copy.call('start_reauth')
    expect(calm).toMatchObject({ already_active: true })
    expect(calm.next_step.text).toContain('force=true')
  })

  it('needs no further check where the checks of this minute are used up', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const checks = () => house.simulator.controls.calls().filter(({ path }) => path === '/item/get').length
    for (let before = -1; checks() > before; ) {
      before = checks()
      await copy.call('list_connections', { refresh: true })
    }
    const link = await copy.call('start_reauth')
    expect(link).toMatchObject({ item_id: itemId, already_active: false })
    expect(link.url).toMatch(/^http/)
  })

  it('leaves a healthy one alone, and makes a link for it only by force', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    const calm = await copy.call('start_reauth', { item_id: itemId })
    expect(calm).toMatchObject({ item_id: itemId, already_active: true })
    for (const field of ['link_id', 'url', 'expires_at', 'opened']) expect(calm).not.toHaveProperty(field)
    const forced = await copy.call('start_reauth', { item_id: itemId, force: true })
    expect(forced.already_active).toBe(false)
    // Opened and left: nothing is proved by a login that worked all along.
    await clickLink(forced.url ?? '', 'cancel')
    const left = await copy.call('check_connection', { link_id: forced.link_id, wait_seconds: 15 })
    expect(left.outcome).toBe('exited')
    expect((await finish(copy, forced)).outcome).toMatch(/exited|repaired/)
    await until(async () => {
      const { outcome } = await copy.call('check_connection', { link_id: forced.link_id })
      return outcome === 'repaired'
    })
  })

  it('gives an open link again, unless more is asked for', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const first = await copy.call('start_reauth')
    expect(await copy.call('start_reauth', { item_id: itemId })).toMatchObject({
      link_id: first.link_id,
      url: first.url,
      expires_at: first.expires_at,
    })
    const more = await copy.call('start_reauth', { item_id: itemId, add_accounts: true })
    expect(more.link_id).not.toBe(first.link_id)
  })

  it('asked for in two copies at the same instant makes one link', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const second = await house.start()
    await second.call('list_connections')
    const asked = [copy, second, copy, second].map((one) => one.call('start_reauth', { item_id: itemId }))
    const links = await Promise.all(asked)
    expect(new Set(links.map(({ link_id: id }) => id)).size).toBe(1)
    expect(new Set(links.map(({ url }) => url)).size).toBe(1)
    const made = house.simulator.controls.calls().filter(({ path }) => path === '/link/token/create')
    expect(made).toHaveLength(2)
  })

  it('ends at a page of ours, and by it the repair is known in every copy within 2 s', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const second = await house.start()
    const link = await second.call('start_reauth', { item_id: itemId })
    const { redirectedTo } = await clickLink(link.url ?? '', 'success', login)
    const page = await fetch(redirectedTo ?? '')
    const start = performance.now()
    expect(await page.text()).toContain('You can go back to the chat')
    await until(async () => {
      const { outcome } = await copy.call('check_connection', { item_id: itemId })
      return outcome === 'repaired'
    })
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('finds the one that needs it, and asks which when there are several', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const other = await connectBank(copy, otherBank)
    expect((await copy.call('start_reauth')).item_id).toBe(itemId)
    house.simulator.controls.resetLogin(other.item_id)
    await copy.call('list_connections', { refresh: true })
    const text = await copy.failure('start_reauth')
    expect(text).toMatch(/^ITEM_ID_NEEDED: /)
    expect(text).toContain('First Platypus Bank')
    expect(text).toContain(other.institution)
  })

  it('refuses one that is over, and names what helps', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    house.simulator.controls.breakItem(itemId, 'ITEM_NOT_FOUND')
    const text = await copy.failure('start_reauth', { item_id: itemId })
    expect(text).toMatch(/^CONNECTION_ENDED: .*connect_bank/s)
    expect(text).toContain(`replaces=${itemId}`)
  })

  it('sees a login that was mended elsewhere', async () => {
    await using house = await household()
    const { copy, itemId } = await broken(house)
    const link = await copy.call('start_reauth')
    house.simulator.controls.repairItem(itemId)
    await copy.call('list_connections', { refresh: true })
    const result = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
    expect(result).toMatchObject({ outcome: 'repaired', connection: { status: 'active' } })
  })
})

describe.concurrent('what else update mode is for', () => {
  it('a consent that runs out is announced with its day, and renewed', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    house.simulator.controls.setConsentExpiry(itemId, 5)
    const [warned] = (await copy.call('list_connections', { refresh: true })).connections
    expect(warned).toMatchObject({
      status: 'expiring',
      needs_reauth: true,
      next_step: { tool: 'start_reauth' },
    })
    const days = (Date.parse(warned?.reauth_deadline ?? '') - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(5)
    // It still works: its figures are whole.
    expect((await copy.call('sync_snapshot')).complete).toBe(true)
    expect((await copy.call('token_analytics')).expiring_within_14_days).toBe(1)
    expect((await finish(copy, await copy.call('start_reauth'))).outcome).toBe('repaired')
    const [renewed] = (await copy.call('list_connections', { refresh: true })).connections
    expect(renewed).toMatchObject({ status: 'active', needs_reauth: false })
  })

  it('an account that was opened at the bank since is shared by choosing again', async () => {
    await using house = await household()
    const copy = await house.start()
    const connection = await connectBank(copy)
    const added = house.simulator.controls.addAccount(connection.item_id)
    const link = await copy.call('start_reauth', { item_id: connection.item_id, add_accounts: true })
    expect((await finish(copy, link)).outcome).toBe('repaired')
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const [after] = (await copy.call('list_connections')).connections
    expect(after?.accounts.map(({ account_id }) => account_id)).toContain(added)
    expect(after?.accounts).toHaveLength(connection.accounts.length + 1)
  })

  it('a kind of data that is not shared is named, and begun only when the person has agreed', async () => {
    await using house = await household()
    const copy = await house.start()
    const typing = { username: 'user_custom', password: JSON.stringify(mixed) }
    const { item_id: itemId } = await connectBank(copy, typing, { kind: 'brokerage' })
    const before = await copy.call('sync_snapshot')
    expect(before.warnings).toMatchObject([{ code: 'TRANSACTIONS_NOT_SHARED', item_id: itemId }])
    expect(before.totals[0]).not.toHaveProperty('income')
    expect(Object.keys(house.simulator.controls.items()[0]?.products ?? {})).not.toContain('transactions')

    const link = await copy.call('start_reauth', { item_id: itemId, add_products: ['transactions'] })
    expect((await finish(copy, link, typing)).outcome).toBe('repaired')
    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after.warnings).toEqual([])
    expect(after.totals[0]).toMatchObject({ income: 1000, expenses: -20 })
  })

  it('investments behind a bank login that does not share them are named in the snapshot', async () => {
    await using house = await household()
    const copy = await house.start()
    const typing = { username: 'user_custom', password: JSON.stringify(mixed) }
    const { item_id: itemId } = await connectBank(copy, typing)
    const { warnings } = await copy.call('sync_snapshot')
    expect(warnings).toMatchObject([
      {
        code: 'POSITIONS_NOT_SHARED',
        item_id: itemId,
        text: expect.stringContaining(`start_reauth with item_id=${itemId} and add_products=["investments"]`),
      },
    ])
  })
})

/** Checking and a brokerage behind one login. */
const mixed = {
  override_accounts: [
    {
      type: 'depository',
      subtype: 'checking',
      transactions: [
        { date_transacted: '2026-01-10', date_posted: '2026-01-10', amount: -1000, description: 'Payroll' },
        { date_transacted: '2026-01-12', date_posted: '2026-01-12', amount: 20, description: 'Bookshop' },
      ].map((row) => ({ ...row, currency: 'USD' })),
    },
    { type: 'investment', subtype: 'brokerage', starting_balance: 500 },
  ],
}
