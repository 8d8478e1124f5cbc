import { describe, expect, it } from 'vitest'
import type { WebhookEvent } from '../../src/model.ts'
import type { NewInboxEntry } from '../../src/store/store.ts'
import { driverNames, freshStore } from './fixtures.ts'
import { connection } from './rows.ts'

const at = '2026-11-02T10:00:00.000Z'

function entry(changes: Partial<NewInboxEntry> = {}): NewInboxEntry {
  return {
    digest: 'digest-1',
    itemId: 'item-1',
    event: { type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' },
    sentAt: at,
    receivedAt: '2026-11-02T10:00:01.234Z',
    ...changes,
  }
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => entry({ digest: `digest-${number}` }))

describe.each(driverNames)('the inbox on %s', (driver) => {
  it.each<WebhookEvent>([
    { type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' },
    { type: 'login_repaired' },
    { type: 'pending', warning: 'PENDING_DISCONNECT', deadline: null },
    { type: 'account_revoked', accountId: 'acc-1' },
    { type: 'new_accounts' },
    { type: 'webhook_acknowledged', url: 'https://example.com/plaid/webhook' },
    { type: 'data_changed' },
  ])('gives back $type as it was put in', async (event) => {
    const { inbox } = await freshStore({ driver })
    expect(await inbox.add([entry({ event })])).toEqual([true])
    expect(await inbox.pending(10)).toEqual([{ id: 1, itemId: 'item-1', event, sentAt: at }])
  })

  it('takes what names no Item, and Items that nobody knows', async () => {
    const { inbox } = await freshStore({ driver })
    const event = { type: 'link_session' } as const
    await inbox.add([entry({ itemId: null, event }), entry({ digest: 'digest-2', itemId: 'nobody' })])
    expect((await inbox.pending(10)).map(({ itemId }) => itemId)).toEqual([null, 'nobody'])
  })

  it('keeps one of several deliveries of the same', async () => {
    const { inbox } = await freshStore({ driver })
    expect(await inbox.add([entry(), entry()])).toEqual([true, false])
    expect(await inbox.add([entry({ sentAt: '2026-11-03T00:00:00.000Z' })])).toEqual([false])
    expect(await inbox.pending(10)).toHaveLength(1)
  })

  it('takes one that is done once more, at the end of the line', async () => {
    const { inbox } = await freshStore({ driver })
    await inbox.add(numbered(3))
    await inbox.done([1, 2, 3], at)
    expect(await inbox.add([entry({ digest: 'digest-0' })])).toEqual([true])
    expect(await inbox.pending(10, 3)).toMatchObject([{ id: 4, itemId: 'item-1' }])
    expect(await inbox.add([entry({ digest: 'new' })])).toEqual([true])
    expect((await inbox.pending(10)).map(({ id }) => id)).toEqual([4, 5])
  })

  it('is worked off oldest first, some at a time, going on after what was seen', async () => {
    const { inbox } = await freshStore({ driver })
    await inbox.add(numbered(7))
    const ids = async (limit: number, after?: number) =>
      (await inbox.pending(limit, after)).map(({ id }) => id)
    expect(await ids(3)).toEqual([1, 2, 3])
    expect(await ids(3, 3)).toEqual([4, 5, 6])
    await inbox.done([1, 3, 7], at)
    expect(await ids(10)).toEqual([2, 4, 5, 6])
    await inbox.done([], at)
    expect(await ids(10)).toEqual([2, 4, 5, 6])
  })

  it('forgets what has long been done, and nothing that is yet to do', async () => {
    const { inbox } = await freshStore({ driver })
    const [first, ...others] = numbered(3)
    await inbox.add([first, ...others].filter((one) => one !== undefined))
    await inbox.done([1], '2026-11-02T10:00:00.000Z')
    await inbox.done([2], '2026-11-04T10:00:00.000Z')
    await inbox.prune('2026-11-03T00:00:00.000Z')
    // The one that is kept comes again under a new number, as does the one that is forgotten.
    expect(await inbox.add(numbered(3))).toEqual([true, true, false])
    expect((await inbox.pending(10)).map(({ id }) => id)).toEqual([3, 4, 5])
  })

  it('of a connection goes with it', async () => {
    const { connections, inbox } = await freshStore({ driver })
    await connections.insert(connection(), 'sealed')
    await inbox.add([
      entry(),
      entry({ digest: 'digest-2', itemId: 'item-2' }),
      entry({ digest: 'digest-3', itemId: null, event: { type: 'link_session' } }),
    ])
    await inbox.done([1], at)
    await connections.remove('item-1')
    expect((await inbox.pending(10)).map(({ id }) => id)).toEqual([2, 3])
    expect(await inbox.add([entry()])).toEqual([true])
  })
})
