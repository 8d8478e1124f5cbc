import { type Fake, plaidError, type Reply } from './fake-plaid.ts'

export const path = '/transactions/sync'
export const mutated = plaidError('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION')
export const foreign = plaidError('INVALID_FIELD', 400, {
  error_message: 'cursor not associated with access_token',
})

export function row(id: string, more: object = {}) {
  return {
    transaction_id: id,
    account_id: 'acc1',
    amount: 4.33,
    iso_currency_code: 'USD',
    date: '2026-11-02',
    name: 'STARBUCKS #1234',
    pending: false,
    pending_transaction_id: null,
    ...more,
  }
}

interface Page {
  readonly added?: readonly object[]
  readonly modified?: readonly object[]
  readonly removed?: readonly string[]
}

/** One loop: its pages by the cursor that asks for them. The first is `start`, the later ones `start:1` and so on. */
export function loop(start: string, pages: readonly Page[]): ReadonlyMap<string, Reply> {
  const cursorAt = (at: number) => (at === 0 ? start : `${start}:${at}`)
  return new Map(
    pages.map(({ added = [], modified = [], removed = [] }, at) => [
      cursorAt(at),
      {
        json: {
          transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
          accounts: [],
          added,
          modified,
          removed: removed.map((transaction_id) => ({ transaction_id, account_id: 'acc1' })),
          next_cursor: cursorAt(at + 1),
          has_more: at + 1 < pages.length,
        },
      },
    ]),
  )
}

/** Serves the loops; `trouble` may answer in place of a page, which is told how often that page was asked for. */
export function serveOn({ on }: Pick<Fake, 'on'>) {
  return (
    loops: readonly ReadonlyMap<string, Reply>[],
    trouble: (cursor: string, time: number) => Reply | null = () => null,
  ) => {
    const times = new Map<string, number>()
    const pages = new Map(loops.flatMap((one) => [...one]))
    on(path, ({ body }) => {
      const cursor = typeof body.cursor === 'string' ? body.cursor : ''
      times.set(cursor, (times.get(cursor) ?? 0) + 1)
      return trouble(cursor, times.get(cursor) ?? 0) ?? pages.get(cursor) ?? foreign
    })
  }
}

export const twentyPages: readonly Page[] = Array.from({ length: 20 }, (_, at) => ({
  added: [row(`a${at}`)],
  modified: [row('every', { amount: at })],
  removed: [`r${at}`],
}))
