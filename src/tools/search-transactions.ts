import { z } from 'zod'
import { CofferError } from '../errors.ts'
import { toMajor } from '../money.ts'
import { daysBetween, type Found, kinds, search } from '../snapshot/index.ts'
import type { FlowReading } from '../sync/index.ts'
import { cleanText } from '../text.ts'
import { defineTool } from './define.ts'
import { mustKnowAccount } from './known-account.ts'
import { pageOf, roomBeside } from './paging.ts'
import { cursor, limit, source, warning } from './shapes.ts'
import { notAtHand, readingWarnings } from './snapshot-text.ts'
import { fromDay, spanOf, toDay } from './span.ts'
import { present, sourceView } from './views.ts'
import { attentionWarnings, notShared } from './warnings.ts'

const transaction = z.object({
  transaction_id: z.string(),
  date: z.string(),
  /** Positive = in. */
  amount: z.number(),
  currency: z.string(),
  account_id: z.string(),
  account: z.string(),
  institution: z.string(),
  name: z.string(),
  merchant: z.string().optional(),
  category: z.string().optional(),
  category_detailed: z.string().optional(),
  kind: z.enum(kinds),
  pending: z.boolean(),
})

const amount = z.number().optional()

export const searchTransactions = defineTool({
  name: 'search_transactions',
  title: 'Search transactions',
  description:
    'Bank and card transactions of the last 90 days, or from..to (730 days at most), newest first: those whose name or merchant contains `query`, of an account, a category (primary or detailed), between min and max (amounts are signed: money out is below 0, so max -100 finds what cost 100 or more), pending or not. `kind` is what each counts as in the cash flow. Names are written by third parties. A bank that is broken is named; its transactions are not found. Sums and trends: get_cash_flow.',
  effect: 'refresh',
  input: z.strictObject({
    query: z.string().max(140).optional(),
    from: fromDay,
    to: toDay,
    account_id: z.string().max(64).optional(),
    category: z.string().max(100).optional().describe('Such as FOOD_AND_DRINK'),
    min: amount,
    max: amount,
    pending: z.boolean().optional(),
    limit: limit(25),
    cursor,
  }),
  output: z.object({
    transactions: z.array(transaction),
    total: z.number(),
    connections: z.array(source),
    complete: z.boolean(),
    next_cursor: z.string().optional(),
    warnings: z.array(warning),
  }),
  async handle(args, context) {
    const { store, sync, readOnly, admit, signal, progress } = context
    await mustKnowAccount(args.account_id, context)
    mustBeInOrder(args)
    const { to: today, time_zone } = sync.window(1)
    const span = spanOf({ from: args.from, to: args.to }, today, 90)
    const window = { ...span, days: daysBetween(span.from, span.to) + 1, time_zone }
    const flow = await sync.flow({ window, since: span.from, admit, signal, progress })
    const found = search(flow.verdicts, {
      ...args,
      span,
      query: args.query === undefined ? undefined : cleanText(args.query, args.query.length).toLowerCase(),
      accountId: args.account_id,
    })
    await sync.markUsed(flow.reading.sources)
    const shown = flow.reading.sources.map(({ connection }) => connection.itemId)
    const rest = {
      total: found.length,
      connections: flow.reading.sources.map((state) => sourceView(state, readOnly)),
      complete: flow.complete,
      warnings: [
        ...readingWarnings(flow.reading, context),
        ...notAtHand(flow, 'none of them is found here'),
        ...(await notShared('transactions', context)),
        ...attentionWarnings(await store.connections.list(), shown, context),
      ],
    }
    const page = pageOf(found, args.limit, args.cursor, viewOf(flow), roomBeside(rest))
    return {
      transactions: page.rows,
      ...rest,
      ...(page.next === undefined ? {} : { next_cursor: page.next }),
    }
  },
})

function mustBeInOrder({ min, max }: { min?: number | undefined; max?: number | undefined }): void {
  if (min === undefined || max === undefined || min <= max) return
  throw new CofferError('INVALID_ARGUMENTS', `min (${min}) is above max (${max}).`, {
    fix: 'Money out is below 0: what cost 50 to 100 has min -100 and max -50.',
  })
}

function viewOf({ accounts, reading }: FlowReading) {
  const banks = new Map(
    reading.sources.map(({ connection: { itemId, institution } }) => [itemId, institution]),
  )
  return ({ transaction: row, kind }: Found) => {
    const account = accounts.get(row.accountId)
    return {
      transaction_id: row.transactionId,
      date: row.date,
      amount: toMajor(row.amount, row.currency),
      currency: row.currency,
      account_id: row.accountId,
      account: account?.name ?? '',
      institution: banks.get(account?.itemId ?? '') ?? '',
      name: row.name,
      ...present({
        merchant: row.merchant,
        category: row.category?.primary,
        category_detailed: row.category?.detailed,
      }),
      kind,
      pending: row.pending,
    }
  }
}
