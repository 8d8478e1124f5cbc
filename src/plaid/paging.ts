import { setImmediate } from 'node:timers/promises'
import type { PlaidApi } from 'plaid'
import type { Span } from '../model.ts'
import { inAccountCurrency } from './amounts.ts'
import type { Call } from './call.ts'
import type { Answer, Options } from './client.ts'
import type { Endpoint } from './endpoints.ts'
import { idAt, type Json, malformed, needed, numberAt, wholeRowsAt } from './json.ts'

export const pageSize = 500

/** Pages after the first may wait for the next minute's calls: half a window is of no use. In ms. */
export const pagePatience = 60_000

/** Which fields of an answer hold the rows, their number in all, and a row's id. */
export interface PageShape {
  readonly rows: string
  readonly total: string
  readonly id: string
}

/** Turns a row into what is kept of it; null for one that is of no use. */
type ReadRow<T> = (row: Json) => T | null

type FetchPage = (offset: number) => Promise<Json>

const restarts = 3

/** How many further pages are under way at once: a page takes its time, and the next one while it is read. */
const pagesAhead = 2

/** What both lists of transactions are asked with. */
interface PageRequest {
  readonly access_token: string
  readonly start_date: string
  readonly end_date: string
  readonly options: { readonly count: number; readonly offset: number }
}

/** Calls for the rows of a span of days, one page each. */
export function pagesOf(
  call: Call,
  {
    endpoint,
    itemId,
    span: { from, to },
    signal,
    send,
  }: {
    readonly endpoint: Endpoint
    readonly itemId: string
    readonly span: Span
    readonly signal: AbortSignal | undefined
    readonly send: (sdk: PlaidApi, options: Options, request: PageRequest) => Answer
  },
): FetchPage {
  return (offset) =>
    call({
      endpoint,
      itemId,
      signal,
      args: `${from} ${to} ${offset}`,
      ...(offset > 0 && { patience: pagePatience, isAlone: true }),
      send(sdk, options, token) {
        const window = { start_date: from, end_date: to, options: { count: pageSize, offset } }
        return send(sdk, options, { access_token: token.open(), ...window })
      },
    })
}

/**
 * Every usable row of a list that Plaid gives by offset, read page by page so that no answer is held for longer.
 * When the list moves under the reading (another total, or a row twice), it is read again from the start, up to
 * 3 times; after that, what came counts once per id.
 * @throws CofferError
 */
export async function allRows<T>(fetchPage: FetchPage, shape: PageShape, read: ReadRow<T>): Promise<T[]> {
  for (let reading = 0; reading < restarts; reading += 1) {
    const { rows, moved } = await readThrough(fetchPage, shape, read, { stopWhenMoved: true })
    if (!moved) return rows
  }
  return (await readThrough(fetchPage, shape, read, { stopWhenMoved: false })).rows
}

async function readThrough<T>(
  fetchPage: FetchPage,
  shape: PageShape,
  read: ReadRow<T>,
  { stopWhenMoved }: { stopWhenMoved: boolean },
) {
  const pages = askAhead(fetchPage)
  const seen = new Set<unknown>()
  const found: T[] = []
  let offset = 0
  let expected: { readonly total: number; readonly size: number } | undefined
  let moved = false
  for (;;) {
    const { total, page, named } = readPage(await pages.at(offset), shape)
    const fresh = unseen(page, shape, seen)
    expected ??= { total, size: page.length }
    moved ||= total !== expected.total || fresh.length < distinct(page, shape, fresh)
    offset += page.length
    const ended = page.length === 0 || offset >= total || (moved && stopWhenMoved)
    if (!ended) {
      pages.ask(offset, expected.size, total)
      await departed()
    }
    for (const row of fresh) {
      const value = read(named(row))
      if (value !== null) found.push(value)
    }
    if (ended) return { rows: found, moved: moved || offset < total }
  }
}

/** The pages of a list whose length is known are asked for before they are read. */
function askAhead(fetchPage: FetchPage) {
  const asked = new Map<number, Promise<Json>>()
  return {
    at(offset: number): Promise<Json> {
      const page = asked.get(offset) ?? fetchPage(offset)
      asked.delete(offset)
      return page
    },
    /** @param size of a page; one that was shorter makes those asked for of no use, and the rest come one by one */
    ask(offset: number, size: number, total: number): void {
      for (let next = offset; next < total && asked.size < pagesAhead; next += size) {
        if (!asked.has(next)) asked.set(next, ahead(fetchPage(next)))
      }
    },
  }
}

/** Those of the page that no page had before, each once. */
function unseen(page: readonly Json[], { id }: PageShape, seen: Set<unknown>): Json[] {
  return page.filter((row) => {
    const before = seen.size
    return seen.add(row[id]).size > before
  })
}

/** How many different rows there are in the page; as a rule all of it is fresh, and they need not be counted. */
function distinct(page: readonly Json[], { id }: PageShape, fresh: readonly Json[]): number {
  return fresh.length === page.length ? page.length : new Set(page.map((row) => row[id])).size
}

/** For a page that comes while the one before is read: where that one is of no use, nobody waits for it any more. */
export function ahead<T>(page: Promise<T>): Promise<T> {
  page.catch(() => undefined)
  return page
}

/** Reading a page keeps the program busy: the call for the next one leaves before. */
export async function departed(): Promise<void> {
  await setImmediate()
}

/** @throws CofferError PLAID_DOWN when the answer is no page */
function readPage(answer: Json, shape: PageShape) {
  const total = numberAt(answer, shape.total)
  if (!Array.isArray(answer[shape.rows])) throw malformed(shape.rows)
  if (total === null) throw malformed(shape.total)
  const page = wholeRowsAt(answer, shape.rows, (row) => row)
  for (const row of page) needed(idAt(row, shape.id), shape.id)
  return { total, page, named: inAccountCurrency(answer) }
}
