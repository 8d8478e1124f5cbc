import { CofferError } from '../errors.ts'

export interface Page<T> {
  readonly rows: T[]
  readonly next: string | undefined
}

/** A default result stays under 24 kB, so a page of large rows ends early. */
const pageBytes = 20_000

/** A little less than 24 kB: the page adds its cursor and what is between rows. */
const answerBytes = 23_000

/** What is left for the rows of a default result that has `rest` beside them. */
export function roomBeside(rest: object): number {
  return answerBytes - Buffer.byteLength(JSON.stringify(rest))
}

/**
 * The rows from `cursor` on, as `view` shows them: at most `limit`, and at most what fits a result, but always one.
 * @param list what this list is, where a tool has several: a cursor of another is refused
 */
export function pageOf<T, V>(
  all: readonly T[],
  limit: number,
  cursor: string | undefined,
  view: (row: T) => V,
  mostBytes = pageBytes,
  list = '',
): Page<V> {
  const start = cursor === undefined ? 0 : positionOf(cursor, list)
  const rows: V[] = []
  let bytes = 0
  for (const row of all.slice(start, start + limit)) {
    const shown = view(row)
    bytes += Buffer.byteLength(JSON.stringify(shown))
    if (rows.length > 0 && bytes > mostBytes) break
    rows.push(shown)
  }
  const end = start + rows.length
  return { rows, next: end < all.length ? cursorAt(end, list) : undefined }
}

function cursorAt(position: number, list: string): string {
  return Buffer.from(`p${position}${list}`).toString('base64url')
}

function positionOf(cursor: string, list: string): number {
  const [, position, of] = /^p(\d{1,9})(\D*)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (position !== undefined && of === list) return Number(position)
  const what = position === undefined ? 'is not one that this tool gave' : 'is one of another list'
  throw new CofferError('INVALID_ARGUMENTS', `The cursor ${what}.`, {
    fix: 'Leave it out to begin with the first page.',
  })
}
