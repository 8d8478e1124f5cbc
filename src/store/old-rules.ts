import type { Span } from '../model.ts'
import type { Db } from './schema.ts'
import { dayBefore } from './spans.ts'

/** Of every connection what is kept was judged under rules that are no longer all there are. */
export async function noteRulesChanged(db: Db, changedAt: string): Promise<void> {
  await db.deleteFrom('ruleChanges').execute()
  await db.insertInto('ruleChanges').values({ changedAt }).execute()
  await db.deleteFrom('oldRules').execute()
  const kept = db
    .selectFrom('flowSpans')
    .select(['itemId', (row) => row.fn.max('to').as('until')])
    .where('itemId', 'not in', await withoutText(db))
    .groupBy('itemId')
  await db.insertInto('oldRules').columns(['itemId', 'until']).expression(kept).execute()
}

/** What investment accounts did comes without a text that a rule could match. */
async function withoutText(db: Db): Promise<string[]> {
  const accounts = await db.selectFrom('accounts').select(['itemId', 'type']).execute()
  const groups = [...Map.groupBy(accounts, ({ itemId }) => itemId)]
  return groups.flatMap(([itemId, own]) => (own.every(({ type }) => type === 'investment') ? [itemId] : []))
}

/** The days from `from` on were judged anew. */
export async function noteJudged(db: Db, itemId: string, { from, to }: Span): Promise<void> {
  const until = (await readOldRules(db)).get(itemId)
  if (until === undefined || to < until || until < from) return
  const earlier = await db
    .selectFrom('flowSpans')
    .select('from')
    .where('itemId', '=', itemId)
    .where('from', '<', from)
    .executeTakeFirst()
  if (earlier === undefined) await db.deleteFrom('oldRules').where('itemId', '=', itemId).execute()
  else
    await db
      .updateTable('oldRules')
      .set({ until: dayBefore(from) })
      .where('itemId', '=', itemId)
      .execute()
}

/** Copied days are under the rules that they were under, whatever is known of the days after them. */
export async function inheritOldRules(
  db: Db,
  from: string,
  to: string,
  copied: readonly Span[],
): Promise<void> {
  const all = await readOldRules(db)
  const last = copied
    .map((span) => span.to)
    .sort()
    .at(-1)
  const until = [all.get(from), last].filter((day) => day !== undefined).sort()[0]
  if (!all.has(from) || last === undefined || until === undefined || all.has(to)) return
  await db.insertInto('oldRules').values({ itemId: to, until }).execute()
}

/** The last day of each connection that is kept as earlier rules had it, and so are the days before it. */
export async function readOldRules(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('oldRules').selectAll().execute()
  return new Map(rows.map(({ itemId, until }) => [itemId, until]))
}
