import { idAt, isRecord, type Json, malformed, numberAt } from './json.ts'

export const pageSize = 500

/** Pages after the first may wait for the next minute's calls: half a window is of no use. In ms. */
export const pagePatience = 60_000

/** Which fields of an answer hold the rows, their number in all, and a row's id. */
export interface PageShape {
  readonly rows: string
  readonly total: string
  readonly id: string
}

type FetchPage = (offset: number) => Promise<Json>

const restarts = 3

/**
 * Every row of a list that Plaid gives by offset. When the list moves under the reading (another total, or a
 * row twice), it is read again from the start, up to 3 times; after that, what came counts once per id.
 * @throws CofferError
 */
export async function allRows(fetchPage: FetchPage, shape: PageShape): Promise<Json[]> {
  for (let reading = 0; reading < restarts; reading += 1) {
    const { rows, moved } = await readThrough(fetchPage, shape, { stopWhenMoved: true })
    if (!moved) return rows
  }
  return (await readThrough(fetchPage, shape, { stopWhenMoved: false })).rows
}

async function readThrough(
  fetchPage: FetchPage,
  shape: PageShape,
  { stopWhenMoved }: { stopWhenMoved: boolean },
) {
  const rows = new Map<string, Json>()
  let offset = 0
  let expected: number | undefined
  let moved = false
  for (;;) {
    const { total, count, page } = readPage(await fetchPage(offset), shape)
    expected ??= total
    moved ||= total !== expected || page.some(([id]) => rows.has(id))
    for (const [id, row] of page) rows.set(id, row)
    offset += count
    const ended = count === 0 || offset >= total
    if (ended || (moved && stopWhenMoved)) return { rows: [...rows.values()], moved: moved || offset < total }
  }
}

/** @throws CofferError PLAID_DOWN when the answer is no page */
function readPage(answer: Json, shape: PageShape) {
  const total = numberAt(answer, shape.total)
  const rows = answer[shape.rows]
  if (!Array.isArray(rows)) throw malformed(shape.rows)
  if (total === null) throw malformed(shape.total)
  const page = rows.filter(isRecord).flatMap((row): (readonly [string, Json])[] => {
    const id = idAt(row, shape.id)
    return id === null ? [] : [[id, row]]
  })
  return { total, count: rows.length, page }
}
