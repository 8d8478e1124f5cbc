import { beforeEach, describe, expect, it } from 'vitest'
import { createHear, needsCheck } from '../../src/connections/hear.ts'
import { createMove } from '../../src/connections/move.ts'
import type { Connection, WebhookEvent } from '../../src/model.ts'
import { translateCode } from '../../src/plaid/index.ts'
import type { Store } from '../../src/store/index.ts'
import { freshStore } from '../store/fixtures.ts'
import { account, connection, flowDay, flowMove, holding, link } from '../store/rows.ts'
import { inDays, now, second } from './states.ts'

const url = 'https://example.com/plaid/webhook'
const span = { from: '2026-11-01', to: '2026-11-30' }

let store: Store
let hear: ReturnType<typeof createHear>
beforeEach(async () => {
  store = await freshStore()
  const move = createMove(store)
  hear = createHear({ store, environment: 'sandbox', now: () => now, translateCode, move })
  await put({ itemId: 'item-1' })
})

async function put(changes: Partial<Connection>): Promise<void> {
  const working = {
    newAccounts: false,
    lastSyncedAt: null,
    lastCheckedAt: inDays(-1),
    answeredDeadline: null,
  }
  await store.connections.insert(connection({ ...working, ...changes }), 'sealed')
}

function heard(event: WebhookEvent, seconds = 0, itemId: string | null = 'item-1') {
  return hear({ itemId, event, sentAt: second(seconds) })
}

async function row(itemId = 'item-1'): Promise<Connection | null> {
  return await store.connections.find(itemId)
}

async function delivery() {
  return (await store.deliveries.list())[0]
}

const events: readonly WebhookEvent[] = [
  { type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' },
  { type: 'error', plaidCode: 'USER_PERMISSION_REVOKED' },
  { type: 'error', plaidCode: 'NEVER_HEARD_OF' },
  { type: 'login_repaired' },
  { type: 'pending', warning: 'PENDING_DISCONNECT', deadline: null },
  { type: 'pending', warning: 'PENDING_EXPIRATION', deadline: inDays(6) },
  { type: 'account_revoked', accountId: 'acc-1' },
  { type: 'new_accounts' },
  { type: 'webhook_acknowledged', url },
  { type: 'unreadable' },
  { type: 'data_changed' },
]
const loginNeeded: WebhookEvent = { type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' }

describe('a webhook that is heard', () => {
  it('moves the state at once', async () => {
    await heard(loginNeeded)
    expect(await row()).toMatchObject({ status: 'needs_reauth', reason: 'ITEM_LOGIN_REQUIRED' })
    await heard({ type: 'login_repaired' }, 1)
    expect(await row()).toMatchObject({ status: 'active', reason: null })
    await heard({ type: 'pending', warning: 'PENDING_DISCONNECT', deadline: inDays(6) }, 2)
    expect(await row()).toMatchObject({ status: 'expiring', deadline: inDays(6) })
    await heard({ type: 'new_accounts' }, 3)
    expect(await row()).toMatchObject({ newAccounts: true })
  })

  it.each([
    ['ITEM_LOCKED', 'bank_issue'],
    ['INSTITUTION_DOWN', 'bank_issue'],
    ['ITEM_NOT_SUPPORTED', 'expired'],
    ['NEVER_HEARD_OF', 'active'],
  ])('as ERROR with %s shows what the table of codes says: %s', async (plaidCode, status) => {
    await heard({ type: 'error', plaidCode })
    expect(await row()).toMatchObject({ status })
  })

  it('is compared with the last check at whole seconds', async () => {
    await store.connections.change('item-1', (was) => ({ ...was, lastCheckedAt: inDays(0) }))
    await heard(loginNeeded, -1)
    expect(await row()).toMatchObject({ status: 'active' })
    await heard(loginNeeded, 0)
    expect(await row()).toMatchObject({ status: 'needs_reauth' })
  })

  it('marks a permission that was taken back, and deletes nothing', async () => {
    await store.accounts.replace('item-1', [account()])
    await heard({ type: 'error', plaidCode: 'USER_PERMISSION_REVOKED' })
    expect(await row()).toMatchObject({ status: 'revoked', reason: 'USER_PERMISSION_REVOKED' })
    expect(await store.accounts.list()).toHaveLength(1)
  })

  it('marks anew which login counts where one account is seen through two', async () => {
    await put({ itemId: 'item-2', createdAt: '2026-11-09T00:00:00.000Z' })
    const seen = { persistentAccountId: 'same', itemId: 'item-2', accountId: 'acc-2', sameAs: 'acc-1' }
    await store.accounts.replace('item-1', [account({ persistentAccountId: 'same' })])
    await store.accounts.replace('item-2', [account(seen)])
    await heard(loginNeeded)
    const marks = (await store.accounts.list()).map(({ accountId, sameAs }) => [accountId, sameAs])
    expect(marks).toEqual([
      ['acc-1', 'acc-2'],
      ['acc-2', null],
    ])
  })

  it.each(events)('a second time is as heard once: $type', async (event) => {
    await store.accounts.replace('item-1', [account(), account({ accountId: 'acc-2' })])
    const all = async () => [await row(), await store.deliveries.list(), await store.accounts.list()]
    await heard(event)
    const [once, version] = [await all(), await store.version()]
    await heard(event)
    expect(await all()).toEqual(once)
    expect(await store.version()).toBe(version)
  })

  it('changes nothing of the connection when it cannot be read', async () => {
    const before = await row()
    await heard({ type: 'unreadable' })
    expect(await row()).toEqual(before)
  })

  it('leaves when it was sent, the last of them whatever came last', async () => {
    await heard({ type: 'new_accounts' }, 5)
    await heard(loginNeeded, 3)
    expect(await delivery()).toMatchObject({ lastReceivedAt: second(5), url: null })
  })
})

describe('a webhook that is not for us', () => {
  const strangers: [string, Partial<Connection>, string | null][] = [
    ['about an Item that nobody knows', {}, 'item-9'],
    ['without an Item', {}, null],
    ['of the other environment', { itemId: 'item-2', environment: 'production' }, 'item-2'],
    ['about one that is being removed', { itemId: 'item-2', status: 'removing' }, 'item-2'],
  ]
  it.each(strangers)('%s does nothing', async (_which, changes, itemId) => {
    if (changes.itemId !== undefined) await put(changes)
    const version = await store.version()
    for (const event of events) await heard(event, 0, itemId)
    expect(await store.version()).toBe(version)
  })
})

describe('an account that was taken back', () => {
  const revoked: WebhookEvent = { type: 'account_revoked', accountId: 'acc-1' }

  it('goes with all that is kept of it, and nothing else does', async () => {
    const both = [{ accountId: 'acc-1' }, { accountId: 'acc-2' }]
    await store.accounts.replace('item-1', both.map(account))
    await store.holdings.replace('item-1', both.map(holding))
    await store.flow.replace('item-1', span, both.map(flowDay), both.map(flowMove))
    await heard(revoked)
    const { days, moves } = await store.flow.read(span)
    for (const rows of [await store.accounts.list(), await store.holdings.list(), days, moves])
      expect(rows.map(({ accountId }) => accountId)).toEqual(['acc-2'])
    expect(await row()).toMatchObject({ status: 'active' })
  })

  it('is fetched once more, since a fetch that is under way brings it back', async () => {
    await heard(revoked, 3)
    expect(await row()).toMatchObject({ dirtySince: second(3) })
  })

  it('stays when the person has chosen anew since', async () => {
    await store.accounts.replace('item-1', [account()])
    await store.connections.change('item-1', (was) => ({ ...was, repairedAt: inDays(0) }))
    await heard(revoked, -1)
    expect(await store.accounts.list()).toHaveLength(1)
    await heard(revoked, 0)
    expect(await store.accounts.list()).toEqual([])
  })
})

describe('an address that Plaid acknowledges', () => {
  const acknowledged: WebhookEvent = { type: 'webhook_acknowledged', url }

  it('is where webhooks are sent, and ends what kept us from it', async () => {
    await store.deliveries.change('item-1', (was) => ({ ...was, updateError: 'PLAID_DOWN' }))
    await heard(acknowledged)
    expect(await delivery()).toMatchObject({ url, updateError: null, lastReceivedAt: second(0) })
  })

  it('is not the one of an acknowledgement that was overtaken', async () => {
    await heard(acknowledged, 5)
    await heard({ type: 'webhook_acknowledged', url: 'https://example.com/old' }, 3)
    expect(await delivery()).toMatchObject({ url })
  })
})

describe('newer data', () => {
  it('are known by the last webhook that told of them', async () => {
    await heard({ type: 'data_changed' }, 5)
    expect(await row()).toMatchObject({ dirtySince: second(5), status: 'active' })
    await heard({ type: 'data_changed' }, 3)
    expect(await row()).toMatchObject({ dirtySince: second(5) })
    await heard({ type: 'data_changed' }, 7)
    expect(await row()).toMatchObject({ dirtySince: second(7) })
  })

  it('that a later fetch has brought are not newer', async () => {
    await store.connections.change('item-1', (was) => ({ ...was, lastSyncedAt: inDays(0) }))
    await heard({ type: 'data_changed' }, -301)
    expect(await row()).toMatchObject({ dirtySince: null })
  })

  it("may seem older than the last fetch by as much as Plaid's clock and ours differ", async () => {
    await store.connections.change('item-1', (was) => ({ ...was, lastSyncedAt: inDays(0) }))
    await heard({ type: 'data_changed' }, -300)
    expect(await row()).toMatchObject({ dirtySince: second(-300) })
  })

  it('are known although the last fetch seems to lie ahead, as when the clock was set back', async () => {
    await store.connections.change('item-1', (was) => ({ ...was, lastSyncedAt: inDays(2) }))
    await heard({ type: 'data_changed' })
    expect(await row()).toMatchObject({ dirtySince: second(0) })
  })
})

it('a link session rings for every open link', async () => {
  await store.links.insert(link())
  await store.links.insert(link({ linkId: 'link-2', state: 'succeeded' }))
  await heard({ type: 'link_session' }, -3, null)
  expect((await store.links.find('link-1'))?.rungAt).toBe(inDays(0))
  expect((await store.links.find('link-2'))?.rungAt).toBeNull()
})

it('all that is about an Item has to be confirmed, but not what is about its data or a link', () => {
  const types = [...events, { type: 'link_session' } as const]
  const unasked = types.filter((event) => !needsCheck(event)).map(({ type }) => type)
  expect(unasked).toEqual(['data_changed', 'link_session'])
})
