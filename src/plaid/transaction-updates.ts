import { setTimeout as sleep } from 'node:timers/promises'
import { isCofferError } from '../errors.ts'
import type { Transaction } from '../model.ts'
import { inAccountCurrency } from './amounts.ts'
import type { Call } from './call.ts'
import { translateCode } from './errors.ts'
import { cancelled } from './failure.ts'
import { idAt, type Json, malformed, needed, needTextAt, textAt, wholeRowsAt } from './json.ts'
import type { Plaid, PlaidDeps, TransactionUpdates } from './operations.ts'
import { ahead, departed, pagePatience, pageSize } from './paging.ts'
import { delayBefore } from './retry.ts'
import { toTransaction } from './transactions.ts'

/** How often a loop is begun again after a failure of this kind; after any other it is not. */
const restarts: Readonly<Record<string, number>> = { SYNC_MUTATED: 5, PLAID_DOWN: 2, PLAID_UNREACHABLE: 2 }

type FetchPage = (cursor: string | null) => Promise<Json>

export function updateCalls(
  call: Call,
  { random = Math.random }: Pick<PlaidDeps, 'random'>,
): Pick<Plaid, 'transactionUpdates'> {
  return {
    async transactionUpdates(itemId, cursor, signal) {
      const fetchPage = pagesOf(call, itemId, signal)
      const pause = (restart: number) => rest(delayBefore(restart, random), signal)
      try {
        return await readAgain(fetchPage, cursor, pause)
      } catch (error) {
        if (!leadsNowhere(error, cursor)) throw error
        return await readAgain(fetchPage, null, pause)
      }
    },
  }
}

/** Only the first page of all has no patience: what came so far would be lost. */
function pagesOf(call: Call, itemId: string, signal: AbortSignal | undefined): FetchPage {
  let isFirst = true
  return (cursor) => {
    const patience = isFirst ? {} : { patience: pagePatience }
    isFirst = false
    return call({
      endpoint: '/transactions/sync',
      itemId,
      signal,
      args: cursor ?? '',
      startsOver: true,
      ...patience,
      send(sdk, options, token) {
        const page = { access_token: token.open(), count: pageSize, ...(cursor !== null && { cursor }) }
        return sdk.transactionsSync(page, options)
      },
    })
  }
}

/** Pages of a loop that failed are worth nothing: Plaid wants it begun again where it began. */
async function readAgain(
  fetchPage: FetchPage,
  cursor: string | null,
  pause: (restart: number) => Promise<void>,
): Promise<TransactionUpdates> {
  for (let restart = 1; ; restart += 1) {
    try {
      return await readLoop(fetchPage, cursor)
    } catch (error) {
      if (!isCofferError(error) || restart > (restarts[error.code] ?? 0)) throw error
    }
    await pause(restart)
  }
}

async function readLoop(fetchPage: FetchPage, start: string | null): Promise<TransactionUpdates> {
  const upserts = new Map<string, Transaction>()
  const removed = new Set<string>()
  let cursor = start
  let answer = ahead(fetchPage(start))
  for (;;) {
    const page = await answer
    const next = nextOf(page)
    // It would go on for ever.
    if (next.hasMore && next.cursor === cursor) throw malformed('next_cursor')
    cursor = next.cursor
    if (next.hasMore) {
      answer = ahead(fetchPage(cursor))
      await departed()
    }
    for (const row of upsertsOf(page)) {
      upserts.set(row.transactionId, row)
      removed.delete(row.transactionId)
    }
    for (const id of removedOf(page)) {
      upserts.delete(id)
      removed.add(id)
    }
    if (next.hasMore) continue
    return { upserts: [...upserts.values()], removed: [...removed], cursor, isWhole: start === null }
  }
}

/** An Item whose data are not there yet has an answer like one without any, and a cursor that is none. */
function nextOf(answer: Json) {
  const isEmpty = textAt(answer, 'next_cursor') === null && answer.has_more === false
  if (answer.transactions_update_status === 'NOT_READY' || isEmpty) throw translateCode('PRODUCT_NOT_READY')
  if (typeof answer.has_more !== 'boolean') throw malformed('has_more')
  return { cursor: needTextAt(answer, 'next_cursor'), hasMore: answer.has_more }
}

function upsertsOf(answer: Json): Transaction[] {
  const named = inAccountCurrency(answer)
  const rowsOf = (key: string) => wholeRowsAt(answer, key, (row) => toTransaction(named(row)))
  return [...rowsOf('added'), ...rowsOf('modified')]
}

function removedOf(answer: Json): string[] {
  return wholeRowsAt(answer, 'removed', (row) => needed(idAt(row, 'transaction_id'), 'removed'))
}

/** The cursor of another Item, or one that Plaid cannot go on from, however often it is asked. */
function leadsNowhere(error: unknown, cursor: string | null): boolean {
  if (!isCofferError(error)) return false
  return error.code === 'SYNC_MUTATED' || (cursor !== null && error.plaidCode === 'INVALID_FIELD')
}

async function rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => {
    throw cancelled()
  })
}
