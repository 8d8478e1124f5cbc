import { z } from 'zod'
import { defineTool } from './define.ts'
import { pageOf, roomBeside } from './paging.ts'
import { cursor, itemId, limit, source, warning } from './shapes.ts'
import { readingWarnings, uncountedWarnings, untoldWarnings, unvaluedWarnings } from './snapshot-text.ts'
import { sourceView } from './views.ts'
import { mustKnowAccount } from './known-account.ts'
import { attentionWarnings, notShared } from './warnings.ts'

/** With group_by only the fields are set in which all holdings of the group agree. */
const position = z.object({
  item_id: z.string().optional(),
  institution: z.string().optional(),
  account_id: z.string().optional(),
  account: z.string().optional(),
  security_id: z.string().optional(),
  ticker: z.string().optional(),
  name: z.string(),
  type: z.string(),
  quantity: z.number().optional(),
  price: z.number().optional(),
  price_as_of: z.string().optional(),
  /** Absent where the bank tells none. */
  value: z.number().optional(),
  without_value: z.number().optional(),
  cost_basis: z.number().optional(),
  unrealized_gain: z.number().optional(),
  without_cost: z.number().optional(),
  weight: z.number().optional(),
  currency: z.string(),
})

export const getPositions = defineTool({
  name: 'get_positions',
  title: 'Investment positions',
  description:
    'All holdings over all brokerages: quantity, price, value, cost basis, gain and weight within the currency, largest first; with group_by summed per security, type or account. `activity`: contributions, withdrawals, dividends, interest and fees over the days. Fetches what is older than an hour and names each bank whose positions are old or missing.',
  effect: 'refresh',
  view: 'snapshot',
  input: z.strictObject({
    item_id: itemId.optional(),
    account_id: z.string().max(64).optional(),
    group_by: z.enum(['none', 'security', 'type', 'account']).default('none'),
    days: z.number().int().min(1).max(730).default(30).describe('Of activity, up to today'),
    limit: limit(50),
    cursor,
  }),
  output: z.object({
    positions: z.array(position),
    totals: z.array(
      z.object({
        currency: z.string(),
        value: z.number(),
        /** Holdings whose value the bank does not tell: nothing of them is in it. */
        without_value: z.number().optional(),
        cost_basis: z.number().optional(),
        unrealized_gain: z.number().optional(),
        /** Holdings whose cost the bank does not tell: cost_basis and the gain leave them out. */
        without_cost: z.number().optional(),
        by_type: z.record(z.string(), z.number()),
      }),
    ),
    period: z.object({ from: z.string(), to: z.string() }),
    /** Signed: withdrawals and fees are negative. */
    activity: z.array(
      z.object({
        currency: z.string(),
        contributions: z.number(),
        withdrawals: z.number(),
        dividends: z.number(),
        interest: z.number(),
        fees: z.number(),
      }),
    ),
    connections: z.array(source),
    complete: z.boolean(),
    next_cursor: z.string().optional(),
    warnings: z.array(warning),
  }),
  async handle(args, context) {
    const { store, sync, readOnly, admit, signal, progress } = context
    const one = args.item_id === undefined ? {} : { itemId: args.item_id }
    await mustKnowAccount(args.account_id, context)
    const reading = await sync.read({ days: args.days, maxAgeMinutes: 60, admit, signal, progress, ...one })
    const wanted = {
      ...one,
      ...(args.account_id === undefined ? {} : { accountId: args.account_id }),
      groupBy: args.group_by,
    }
    const found = await sync.positions(wanted)
    await sync.markUsed(reading.sources)
    const happened = await sync.activity(wanted, reading.window)
    const shown = reading.sources.map(({ connection }) => connection.itemId)
    const rest = {
      totals: [...found.totals],
      period: { from: reading.window.from, to: reading.window.to },
      activity: [...happened.activity],
      connections: reading.sources.map((state) => sourceView(state, readOnly)),
      complete: reading.complete,
      warnings: [
        ...readingWarnings(reading, context),
        ...uncountedWarnings(found.uncounted),
        ...unvaluedWarnings(found.unvalued),
        ...untoldWarnings(happened.untold, context),
        ...(await notShared('investments', context)),
        ...attentionWarnings(await store.connections.list(), shown, context),
      ],
    }
    const page = pageOf(
      found.positions,
      args.limit,
      args.cursor,
      (row) => row,
      roomBeside(rest),
      args.group_by,
    )
    return {
      positions: page.rows,
      ...rest,
      ...(page.next === undefined ? {} : { next_cursor: page.next }),
    }
  },
})
