import { isCofferError } from '../errors.ts'
import type { Span } from '../model.ts'
import {
  type FlowRow,
  isWithin,
  judge,
  keep,
  onAccounts,
  underRules,
  type Verdict,
} from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import { countedSpan, judgedSpan } from './flow-of.ts'
import { covers, createJudging } from './judging.ts'
import { keptMoves } from './kept-rows.ts'
import { type LedgerRows, noLedger } from './ledger-rows.ts'
import { createRecentRows, type Recent, type RecentRows } from './recent-rows.ts'
import { storedRows } from './stored-rows.ts'

type Fresh = ReadonlyMap<string, Recent>

export type Deriver = ReturnType<typeof createDeriver>

/**
 * Turns fetched transactions into what may be kept. Transfers pair over all connections, so rows fetched in
 * the last minutes and what is kept of the others are looked at together, and every connection whose rows
 * are at hand is written anew.
 */
export function createDeriver(store: Store, now: () => number, ledger: LedgerRows = noLedger) {
  const recent = createRecentRows(now)
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: two at once would each miss the other's rows, or take a fetch of ours for one of another process. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  /** @param through the store of the run that brought the rows of `added` */
  async function derive(added: string | null, through: Store): Promise<void> {
    const outdated: string[] = []
    for (const [itemId, revision] of await writeAll(store, recent.entries(), added, through)) {
      if (revision === null) outdated.push(itemId)
      else recent.written(itemId, revision)
    }
    if (outdated.length === 0) return
    for (const itemId of outdated) recent.forget(itemId)
    await derive(added, through)
  }

  const current = () => inTurn(() => atHand(store, recent))

  return {
    ...createJudging({ store, ledger, lately: current }),
    /** Whether what is kept of this span is made of rows that are at hand, so that it can be made anew. */
    canRejudge: async (itemId: string, span: Span) =>
      covers(recent.entries().get(itemId)?.wanted, span) || (await ledger.holds(itemId, judgedSpan(span))),
    /** Whether the rows of this span are at hand with their transactions. */
    holds: async (itemId: string, span: Span) =>
      covers((await current()).get(itemId)?.wanted, span) || (await ledger.holds(itemId, span)),
    /** The first day that rows on disk tell everything from; null where none are. */
    since: ledger.since,
    add: (itemId: string, fetched: Recent, through: Store = store) =>
      inTurn(() => {
        recent.put(itemId, fetched)
        return derive(itemId, through)
      }),
    /** Judges the rows of the last minutes and those on disk once more, since the owner's rules have changed. */
    rejudge: () =>
      inTurn(async () => {
        await derive(null, store)
        const all = new Map(recent.entries())
        for (const [itemId, stored] of await storedRows(store, ledger)) {
          const reachesFurther = stored.span.from < (all.get(itemId)?.span.from ?? stored.span.to)
          if (reachesFurther) all.set(itemId, stored)
        }
        await writeAll(store, all, null, store)
      }),
  }
}

/** By connection the revision that was written, as of `write`. */
async function writeAll(store: Store, entries: Fresh, added: string | null, through: Store) {
  const accounts = await store.accounts.list()
  // The owner's rules, and which accounts are seen through several logins, may have changed since the rows came.
  const rules = await store.rules.list()
  const fresh = new Map(
    [...entries].map(([itemId, one]) => [
      itemId,
      { ...one, rows: underRules(onAccounts(one.rows, accounts), rules) },
    ]),
  )
  const spans = new Map([...fresh].map(([itemId, { span }]) => [itemId, span]))
  const rows = [...fresh.values()].flatMap((one) => one.rows)
  const verdicts = judge([...rows, ...(await keptMoves(store, accounts, spans))])
  const written: [string, number | null][] = []
  for (const [itemId, one] of fresh) {
    written.push([itemId, await write(itemId === added ? through : store, itemId, one, verdicts)])
  }
  return written
}

/** The rows of the last minutes, but for those that another process has fetched since. */
async function atHand(store: Store, recent: RecentRows): Promise<Fresh> {
  const fetched = await store.flow.fetches()
  for (const [itemId, { revision }] of recent.entries()) {
    if (revision !== undefined && fetched.get(itemId)?.revision !== revision) recent.forget(itemId)
  }
  return new Map(recent.entries())
}

/** The revision; null when another process has fetched it since or does so now, or when it was removed or revoked meanwhile. */
async function write(
  target: Store,
  itemId: string,
  fetched: Recent,
  verdicts: ReadonlyMap<FlowRow, Verdict>,
): Promise<number | null> {
  const { rows, revision, wanted } = fetched
  const kept = countedSpan(fetched)
  const { days, moves } = keep(
    rows.filter(({ date }) => isWithin(date, kept)),
    verdicts,
  )
  return await target.flow.replace(itemId, kept, days, moves, revision, wanted).catch(nullIfOver)
}

function nullIfOver(error: unknown): null {
  if (isCofferError(error, 'UNKNOWN_CONNECTION') || isCofferError(error, 'SYNC_TAKEN_OVER')) return null
  throw error
}
