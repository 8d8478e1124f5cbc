import { z } from 'zod'
import { CofferError } from '../errors.ts'
import { isOfficial } from '../money.ts'
import { addDays, daysBetween, exclusions } from '../snapshot/index.ts'
import { balanceWarnings } from './balance-warnings.ts'
import { cashFlowGaps } from './cash-flow-gaps.ts'
import { excludedView, groupings, groupsView } from './cash-flow-groups.ts'
import { defineTool } from './define.ts'
import { pageOf, roomBeside } from './paging.ts'
import { cursor, limit, source, totals, warning } from './shapes.ts'
import { readingWarnings, uncountedWarnings } from './snapshot-text.ts'
import { fromDay, spanOf, toDay } from './span.ts'
import { sourceView } from './views.ts'
import { notShared } from './warnings.ts'

const group = z.object({
  /** By merchant and by recurring it is a third party's text. */
  key: z.string(),
  account: z.string().optional(),
  currency: z.string(),
  income: z.number(),
  expenses: z.number(),
  net: z.number(),
  count: z.number(),
  /** Of a month: it is not known from its first day on, or not asked for to its end. */
  partial: z.boolean().optional(),
  cadence: z.string().optional(),
  next_date: z.string().optional(),
  last_amount: z.number().optional(),
  typical_amount: z.number().optional(),
  previous_amount: z.number().optional(),
  changed_on: z.string().optional(),
})

const excluded = z.object({
  reason: z.enum(exclusions),
  count: z.number(),
  sum: z.number(),
  currency: z.string(),
  examples: z.array(
    z.object({ date: z.string(), amount: z.number(), account: z.string(), name: z.string().optional() }),
  ),
})

/** What recurs shows only over a longer time. */
const lookBack = 400

export const getCashFlow = defineTool({
  name: 'get_cash_flow',
  title: 'Cash flow',
  description:
    'Income and expenses of the last 30 days, or from..to (730 days at most), in groups that add up to `totals`: by month (newest first; `partial` without all its days), category, merchant, account (largest net first), or recurring: salary, rent, bills and subscriptions with cadence, next_date and price changes, the rest as `other`. Expenses of a group are above 0 where more was refunded than spent. `excluded` says what is in neither and why: transfers between own accounts and card payments (each pair once), pending, ignored by a rule. Rows known only as sums have the key `unknown`.',
  effect: 'refresh',
  input: z.strictObject({
    from: fromDay,
    to: toDay,
    group_by: z.enum(groupings).default('month'),
    currency: z.string().max(3).optional().describe('Only this one, such as USD'),
    limit: limit(50),
    cursor,
  }),
  output: z.object({
    window: z.object({ from: z.string(), to: z.string(), days: z.number(), time_zone: z.string() }),
    groups: z.array(group),
    totals: z.array(totals),
    excluded: z.array(excluded),
    connections: z.array(source),
    complete: z.boolean(),
    warnings: z.array(warning),
    next_cursor: z.string().optional(),
  }),
  async handle(args, context) {
    const { sync, readOnly, admit, signal, progress } = context
    const currency = currencyOf(args.currency)
    const { to: today, time_zone } = sync.window(1)
    const span = spanOf({ from: args.from, to: args.to }, today, 29)
    const long = addDays(today, -lookBack)
    const flow = await sync.flow({
      window: { ...span, days: daysBetween(span.from, span.to) + 1, time_zone },
      since: args.group_by === 'recurring' && long < span.from ? long : span.from,
      admit,
      signal,
      progress,
    })
    await sync.markUsed(flow.reading.sources)
    const isAsked = (row: { readonly currency: string }) => row.currency === (currency ?? row.currency)
    const groups = groupsView(args.group_by, flow, today).filter(isAsked)
    const rest = {
      totals: flow.figures.totals.filter(isAsked),
      excluded: excludedView(flow).filter(isAsked),
      connections: flow.reading.sources.map((state) => sourceView(state, readOnly)),
      complete: flow.complete,
      warnings: [
        ...readingWarnings(flow.reading, context),
        ...cashFlowGaps(flow),
        ...uncountedWarnings(flow.figures.uncounted),
        ...(await balanceWarnings(flow.reading.sources, context)),
        ...(await notShared('transactions', context)),
      ],
    }
    const page = pageOf(groups, args.limit, args.cursor, (row) => row, roomBeside(rest), args.group_by)
    return {
      window: flow.window,
      groups: page.rows,
      ...rest,
      ...(page.next === undefined ? {} : { next_cursor: page.next }),
    }
  },
})

function currencyOf(code: string | undefined): string | undefined {
  const currency = code?.toUpperCase()
  if (currency === undefined || isOfficial(currency)) return currency
  throw new CofferError(
    'INVALID_ARGUMENTS',
    `currency: ${JSON.stringify(code)} is no currency of a country.`,
    {
      fix: 'It takes a code of ISO 4217 such as USD, or leave it out for all.',
    },
  )
}
