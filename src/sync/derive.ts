import { isCofferError } from '../errors.ts'
import type { Account, Rule, Span } from '../model.ts'
import {
  addDays,
  type FlowRow,
  isWithin,
  judge,
  keep,
  onAccounts,
  PAIR_DAYS,
  REFUND_DAYS,
  restore,
  underRules,
  type Verdict,
  widen,
} from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import { judgedSpan } from './flow-of.ts'
import { type LedgerRows, noLedger } from './ledger-rows.ts'
import { createRecentRows, type Recent, type RecentRows } from './recent-rows.ts'

type Fresh = ReadonlyMap<string, Recent>

/** Rows and what each counts as: those at hand with their transaction, of all others what was kept. */
export interface Judged {
  /** All of the span, and others that only serve as partners. */
  readonly verdicts: ReadonlyMap<FlowRow, Verdict>
  /** Whether every row of the span that this connection has is at hand with its transaction. */
  isAtHand(itemId: string): boolean
}

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
    const accounts = await store.accounts.list()
    const fresh = asKnown(recent.entries(), accounts, await store.rules.list())
    const verdicts = judge([...rowsIn(fresh), ...(await keptMoves(store, accounts, fresh))])
    const outdated: string[] = []
    for (const [itemId, rows] of fresh) {
      const target = itemId === added ? through : store
      const revision = await write(target, itemId, rows, verdicts)
      if (revision === null) outdated.push(itemId)
      else recent.written(itemId, revision)
    }
    if (outdated.length === 0) return
    for (const itemId of outdated) recent.forget(itemId)
    await derive(added, through)
  }

  const current = () => inTurn(() => atHand(store, recent))

  return {
    /** Whether what is kept of this span is made of rows that are at hand, so that it can be made anew. */
    canRejudge: (itemId: string, span: Span) => covers(recent.entries().get(itemId)?.wanted, span),
    /** Whether the rows of this span are at hand with their transactions. */
    holds: async (itemId: string, span: Span) =>
      covers((await current()).get(itemId)?.wanted, span) || (await ledger.holds(itemId, span)),
    async judged(span: Span): Promise<Judged> {
      const accounts = await store.accounts.list()
      const all = merged(await current(), await ledger.entries(accounts, span), withPurchases(span))
      const fresh = asKnown(all, accounts, await store.rules.list())
      const rows = [
        ...rowsIn(fresh),
        ...(await keptMoves(store, accounts, fresh)),
        ...(await keptDays(store, accounts, fresh, widen(span, PAIR_DAYS))),
      ]
      return { verdicts: judge(rows), isAtHand: (itemId) => covers(fresh.get(itemId)?.wanted, span) }
    },
    add: (itemId: string, fetched: Recent, through: Store = store) =>
      inTurn(() => {
        recent.put(itemId, fetched)
        return derive(itemId, through)
      }),
    /** Judges the rows of the last minutes once more, since the owner's rules have changed. */
    rejudge: () => inTurn(() => derive(null, store)),
  }
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
  { rows, span, revision, wanted }: Recent,
  verdicts: ReadonlyMap<FlowRow, Verdict>,
): Promise<number | null> {
  const kept = later(span, judgedSpan(wanted))
  const { days, moves } = keep(
    rows.filter(({ date }) => isWithin(date, kept)),
    verdicts,
  )
  return await target.flow.replace(itemId, kept, days, moves, revision, wanted).catch(nullIfOver)
}

/** From the day on that both know. */
function later(a: Span, b: Span): Span {
  return a.from > b.from ? a : b
}

/** The ledger is as new as any process has made it; what it does not reach, the last minutes may. */
function merged(recent: Fresh, ledger: Fresh, span: Span): Fresh {
  const fresh = new Map(recent)
  for (const [itemId, kept] of ledger) {
    if (covers(kept.wanted, span) || !covers(recent.get(itemId)?.wanted, span)) fresh.set(itemId, kept)
  }
  return fresh
}

/** What is kept of what is not at hand, however long ago: equal transfers form chains. Sums pair with nothing. */
async function keptMoves(store: Store, accounts: readonly Account[], fresh: Fresh): Promise<FlowRow[]> {
  const moves = await store.flow.moves()
  return restore({ days: [], moves: moves.filter((move) => !isAtHand(move, fresh)) }, accounts)
}

async function keptDays(
  store: Store,
  accounts: readonly Account[],
  fresh: Fresh,
  span: Span,
): Promise<FlowRow[]> {
  const { days } = await store.flow.read(span)
  return restore({ days: days.filter((day) => !isAtHand(day, fresh)), moves: [] }, accounts)
}

function isAtHand(
  { itemId, date }: { readonly itemId: string; readonly date: string },
  fresh: Fresh,
): boolean {
  const span = fresh.get(itemId)?.span
  return span !== undefined && isWithin(date, span)
}

/** With the days whose purchases may be refunded in it. */
function withPurchases({ from, to }: Span): Span {
  return { from: addDays(from, -REFUND_DAYS), to }
}

function covers(known: Span | undefined, span: Span): boolean {
  return known !== undefined && known.from <= span.from && known.to >= span.to
}

/** The owner's rules, and which accounts are seen through several logins, may have changed since the rows came. */
function asKnown(recent: Fresh, accounts: readonly Account[], rules: readonly Rule[]): Fresh {
  const now = (rows: readonly FlowRow[]) => underRules(onAccounts(rows, accounts), rules)
  return new Map([...recent].map(([itemId, known]) => [itemId, { ...known, rows: now(known.rows) }]))
}

function rowsIn(fresh: Fresh): FlowRow[] {
  return [...fresh.values()].flatMap(({ rows }) => rows)
}

function nullIfOver(error: unknown): null {
  if (isCofferError(error, 'UNKNOWN_CONNECTION') || isCofferError(error, 'SYNC_TAKEN_OVER')) return null
  throw error
}
