import type { TotalsDay } from '../model.ts'
import type { Access } from './access.ts'
import { fromFlag, toFlag } from './columns.ts'
import type { Db, Schema } from './schema.ts'
import type { Store } from './store.ts'

export function createHistory({ query, write }: Access): Store['history'] {
  return {
    add: (rows, thinBefore) => write((db) => add(db, rows, thinBefore)),
    list: async (span) => {
      const rows = await query((db) =>
        latestOfDays(db)
          .where('date', '>=', span?.from ?? '')
          .where('date', '<=', span?.to ?? '9999-12-31')
          .execute(),
      )
      return rows.map(fromRow)
    },
  }
}

async function add(db: Db, rows: readonly TotalsDay[], thinBefore: string): Promise<boolean> {
  const [first] = rows
  if (first === undefined) return false
  const { date, takenAt } = first
  const known = await latestOfDays(db).where('date', '=', date).execute()
  if (figuresOf(known.map(fromRow)) === figuresOf(rows)) return false
  await db.deleteFrom('history').where('takenAt', '=', takenAt).execute()
  await db.insertInto('history').values(rows.map(toRow)).execute()
  if (known.length === 0) await thin(db, thinBefore)
  return true
}

/** Of each day the figures that were taken last. */
function latestOfDays(db: Db) {
  return db
    .selectFrom('history')
    .selectAll()
    .where('takenAt', 'in', lastTimes(db))
    .orderBy('date')
    .orderBy('currency')
}

function lastTimes(db: Db) {
  return db
    .selectFrom('history')
    .select((row) => row.fn.max('takenAt').as('takenAt'))
    .groupBy('date')
}

async function thin(db: Db, before: string): Promise<void> {
  await db
    .deleteFrom('history')
    .where('date', '<', before)
    .where('takenAt', 'not in', lastTimes(db))
    .execute()
}

const compared: (keyof TotalsDay)[] = [
  'currency',
  'bankBalance',
  'creditOwed',
  'loansOwed',
  'investments',
  'netWorth',
  'netCashFlow',
  'monthlyBurn',
  'complete',
]

/** The same text for the same figures, whenever they were taken. */
function figuresOf(rows: readonly TotalsDay[]): string {
  return rows
    .map((row) => JSON.stringify(row, compared))
    .sort()
    .join('\n')
}

function toRow(row: TotalsDay): Schema['history'] {
  return { ...row, complete: toFlag(row.complete) }
}

function fromRow(row: Schema['history']): TotalsDay {
  return { ...row, complete: fromFlag(row.complete) }
}
