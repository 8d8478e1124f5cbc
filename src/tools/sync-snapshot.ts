import { z } from 'zod'
import { balanceWarnings } from './balance-warnings.ts'
import { change, changesView } from './changes.ts'
import type { ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { source, totals, warning } from './shapes.ts'
import { readingWarnings, uncountedWarnings } from './snapshot-text.ts'
import { sourceView } from './views.ts'
import { notShared } from './warnings.ts'

export const maxAge = z
  .number()
  .int()
  .min(-1)
  .max(10_080)
  .default(60)
  .describe('Fetch what is older; 0 = fetch now, -1 = only read what is stored')

const input = z.strictObject({
  max_age_minutes: maxAge,
  live_balances: z.boolean().default(false).describe('Balances of this minute; Plaid bills each call'),
  days: z.number().int().min(1).max(730).default(30).describe('Length of the window that ends today'),
})
type Wanted = z.output<typeof input>

const output = z.object({
  as_of: z.string(),
  window: z.object({ from: z.string(), to: z.string(), days: z.number(), time_zone: z.string() }),
  totals: z.array(totals),
  connections: z.array(source),
  complete: z.boolean(),
  still_syncing: z.boolean(),
  changes: z.array(change),
  warnings: z.array(warning),
})
type Snapshot = z.input<typeof output>

export const syncSnapshot = defineTool({
  name: 'sync_snapshot',
  title: 'Financial snapshot',
  description:
    'The household at a glance, one entry per currency: bank balance, debts, investments, net worth, income, expenses, monthly burn and runway over the window, transfers between own accounts and card payments left out. Names for each bank how old its data are and whether it is broken; `complete` is false when one is missing or stale; `changes` tells what is new since the last snapshot. Fetches what is older than max_age_minutes. live_balances uses a call that Plaid bills.',
  effect: 'refresh',
  view: 'snapshot',
  input,
  output,
  async handle(args, context) {
    const { answer, sources, seen } = await look(args, context)
    await context.sync.markSeen(seen)
    await context.sync.markUsed(sources)
    return answer
  },
})

/** The snapshot of what is stored, as `sync_snapshot` gives it: asks nobody, and nobody is taken to have seen it. */
export async function storedSnapshot(context: ToolContext): Promise<Snapshot> {
  const { answer } = await look({ max_age_minutes: -1, live_balances: false, days: 30 }, context)
  return answer
}

async function look(args: Wanted, context: ToolContext) {
  const { sync, readOnly, admit, signal, progress, now } = context
  const reading = await sync.read({
    days: args.days,
    maxAgeMinutes: args.max_age_minutes,
    live: args.live_balances,
    admit,
    signal,
    progress,
  })
  const { sources } = reading
  const snapshot = await sync.snapshot(reading.window)
  const news = await sync.news(sources)
  const answer: Snapshot = {
    as_of: new Date(now()).toISOString(),
    window: reading.window,
    totals: snapshot.totals,
    connections: sources.map((state) => sourceView(state, readOnly)),
    complete: reading.complete,
    still_syncing: reading.stillSyncing,
    changes: changesView(news),
    warnings: [
      ...readingWarnings(reading, context),
      ...uncountedWarnings(snapshot.uncounted),
      ...(await balanceWarnings(sources, context)),
      ...(await notShared('transactions', context)),
      ...(await notShared('investments', context)),
    ],
  }
  return { answer, sources, seen: news.seen }
}
