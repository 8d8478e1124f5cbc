import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LedgerUpdates } from '../../src/store/store.ts'
import { freshHome, freshStore } from './fixtures.ts'
import { account, connection, transaction } from './rows.ts'

const all = { from: '0000-01-01', to: '9999-12-31' }
const from = '2026-01-01'

function updates(changes: Partial<LedgerUpdates> = {}): LedgerUpdates {
  return { upserts: [], removed: [], since: null, cursor: 'c1', from, isWhole: false, ...changes }
}

const whole = (...upserts: LedgerUpdates['upserts']) => updates({ upserts, isWhole: true })

async function openLedger(home = freshHome()) {
  const store = await freshStore({ home })
  await store.connections.insert(connection(), 'sealed')
  await store.accounts.replace('item-1', [account(), account({ accountId: 'acc-2' })])
  const ids = async () => (await store.ledger.rows(all)).map(({ transactionId }) => transactionId)
  return { store, ledger: store.ledger, ids, home }
}

describe('the ledger', () => {
  it('gives back what it was told, oldest first', async () => {
    const { ledger } = await openLedger()
    const rows = [
      transaction({ date: '2026-11-01', transactionId: 'z', category: null, merchant: null, pending: true }),
      transaction({ pendingTransactionId: 'z' }),
    ]
    await ledger.apply('item-1', whole(...rows.toReversed()))
    expect(await ledger.rows(all)).toEqual(rows)
    expect(await ledger.rows({ from: '2026-11-02', to: '2026-11-02' }, 'item-1')).toEqual([rows[1]])
    expect(await ledger.rows(all, 'other')).toEqual([])
    expect([...(await ledger.cursors())]).toEqual([['item-1', { cursor: 'c1', from }]])
  })

  it('changes, adds and removes, and is not moved by the same twice', async () => {
    const { ledger } = await openLedger()
    await ledger.apply('item-1', whole(transaction(), transaction({ transactionId: 't-2' })))
    const delta = updates({
      since: 'c1',
      cursor: 'c2',
      upserts: [transaction({ amount: 1 }), transaction({ transactionId: 't-3' })],
      removed: ['t-2', 'ghost'],
    })
    await ledger.apply('item-1', delta)
    const after = await ledger.rows(all)
    expect(after.map(({ transactionId, amount }) => [transactionId, amount])).toEqual([
      ['t-1', 1],
      ['t-3', -433],
    ])
    await ledger.apply('item-1', { ...delta, since: 'c2' })
    expect(await ledger.rows(all)).toEqual(after)
  })

  it('takes no updates that lead on from something else, neither rows nor cursor', async () => {
    const { ledger, ids } = await openLedger()
    await ledger.apply('item-1', whole(transaction()))
    const stray = updates({ since: 'c0', cursor: 'c9', upserts: [transaction({ transactionId: 'stray' })] })
    await expect(ledger.apply('item-1', stray)).rejects.toMatchObject({ code: 'SYNC_MUTATED' })
    expect(await ids()).toEqual(['t-1'])
    expect((await ledger.cursors()).get('item-1')?.cursor).toBe('c1')
  })

  it('holds nothing else of a connection after all of it came again', async () => {
    const { ledger, ids } = await openLedger()
    await ledger.apply('item-1', whole(transaction({ transactionId: 'old' })))
    await ledger.apply('item-1', whole(transaction({ transactionId: 'new' })))
    expect(await ids()).toEqual(['new'])
  })

  it('keeps nothing from before its first day, not even what moved there', async () => {
    const { ledger, ids } = await openLedger()
    await ledger.apply(
      'item-1',
      whole(transaction(), transaction({ transactionId: 'old', date: '2025-12-31' })),
    )
    expect(await ids()).toEqual(['t-1'])
    const moved = [transaction({ date: '2025-12-31' })]
    await ledger.apply('item-1', updates({ since: 'c1', upserts: moved }))
    expect(await ids()).toEqual([])
  })

  it('forgets what is older than a day', async () => {
    const { ledger, ids } = await openLedger()
    await ledger.apply(
      'item-1',
      whole(transaction({ transactionId: 'old', date: '2026-10-31' }), transaction()),
    )
    await ledger.prune('2026-11-01')
    expect(await ids()).toEqual(['t-1'])
    expect((await ledger.cursors()).get('item-1')?.from).toBe('2026-11-01')
  })

  it('loses the rows of an account that is forgotten, or that a login shows no more', async () => {
    const { store, ledger, ids } = await openLedger()
    const second = transaction({ transactionId: 't-2', accountId: 'acc-2' })
    await ledger.apply('item-1', whole(transaction(), second))
    await store.accounts.forget('item-1', 'acc-1')
    expect(await ids()).toEqual(['t-2'])
    await store.accounts.replace('item-1', [account()])
    expect(await ids()).toEqual([])
  })

  it.each([
    ['forgotten', (store: Awaited<ReturnType<typeof freshStore>>) => store.connections.forgetData('item-1')],
    ['removed', (store: Awaited<ReturnType<typeof freshStore>>) => store.connections.remove('item-1')],
  ])('holds nothing of a connection that is %s', async (_how, end) => {
    const { store, ledger, ids } = await openLedger()
    await ledger.apply('item-1', whole(transaction()))
    await end(store)
    expect([await ids(), (await ledger.cursors()).size]).toEqual([[], 0])
  })

  it('is told nothing of a connection that was revoked meanwhile', async () => {
    const { store, ledger, ids } = await openLedger()
    await store.connections.change('item-1', (row) => ({ ...row, status: 'revoked' }))
    const late = ledger.apply('item-1', whole(transaction()))
    await expect(late).rejects.toMatchObject({ code: 'UNKNOWN_CONNECTION' })
    expect(await ids()).toEqual([])
  })

  it('leaves nothing on the disk when it is cleared', async () => {
    const { ledger, home } = await openLedger()
    const onDisk = () =>
      readdirSync(home).some((name) => readFileSync(join(home, name), 'latin1').includes('STARBUCKS'))
    await ledger.apply('item-1', whole(transaction()))
    expect(onDisk()).toBe(true)
    expect(await ledger.clear()).toBe(true)
    expect(onDisk()).toBe(false)
    expect((await ledger.cursors()).size).toBe(0)
  })
})
