import { z } from 'zod'
import { toMajor } from '../money.ts'
import type { Due, Expected, Lowest } from '../snapshot/index.ts'
import type { UpcomingReading } from '../sync/index.ts'
import { defineTool } from './define.ts'
import { needsAttention } from './next-step.ts'
import { roomBeside } from './paging.ts'
import { source, type Warning, warning } from './shapes.ts'
import { readingWarnings } from './snapshot-text.ts'
import { present, sourceView } from './views.ts'
import { attentionWarnings, firstOf, notShared } from './warnings.ts'

const due = z.object({
  item_id: z.string(),
  institution: z.string(),
  account_id: z.string(),
  account: z.string(),
  kind: z.string(),
  due_date: z.string().optional(),
  minimum_payment: z.number().optional(),
  apr: z.number().optional(),
  last_statement_balance: z.number().optional(),
  is_overdue: z.boolean().optional(),
  /** What lowest_balance counts: of a card what is left of the statement, else the minimum. */
  expected_payment: z.number().optional(),
  paid_from: z.string().optional(),
  currency: z.string(),
  data_as_of: z.string().optional(),
})

const expected = z.object({
  name: z.string(),
  kind: z.enum(['income', 'expense']),
  date: z.string(),
  amount: z.number(),
  currency: z.string(),
  cadence: z.string(),
  account_id: z.string(),
  account: z.string().optional(),
})

const lowest = z.object({
  account_id: z.string(),
  account: z.string(),
  institution: z.string(),
  currency: z.string(),
  lowest_balance: z.number(),
  on: z.string(),
  current: z.number(),
})

export const getUpcoming = defineTool({
  name: 'get_upcoming',
  title: 'Upcoming payments',
  description:
    'What the next days bring, today included: card and loan payments that are due, with minimum, APR and statement, the overdue first; salaries, bills and subscriptions expected from their own rhythm (amount positive = in); and how low each bank account is expected to go, counting those items and what is left of card statements where it is known who pays them. Transfers between own accounts are not foreseen. Names each bank whose due dates or transactions are missing or old.',
  effect: 'refresh',
  input: z.strictObject({
    days: z.number().int().min(1).max(90).default(30),
  }),
  output: z.object({
    due: z.array(due),
    expected: z.array(expected),
    lowest: z.array(lowest),
    window: z.object({ from: z.string(), to: z.string() }),
    connections: z.array(source),
    complete: z.boolean(),
    warnings: z.array(warning),
  }),
  async handle(args, context) {
    const { store, sync, readOnly, admit, signal, progress } = context
    const found = await sync.upcoming(args.days, { admit, signal, progress })
    const { sources } = found.reading
    await sync.markUsed(sources)
    const banks = new Map(sources.map(({ connection: { itemId, institution } }) => [itemId, institution]))
    const bankOf = (itemId: string) => banks.get(itemId) ?? ''
    const names = new Map((await store.accounts.list()).map(({ accountId, name }) => [accountId, name]))
    const rest = {
      window: found.span,
      connections: sources.map((state) => sourceView(state, readOnly)),
      complete: found.reading.complete && found.dueUntold.length === 0,
      warnings: [
        ...readingWarnings(found.reading, context),
        ...unknownWarnings(found),
        ...(await notShared('liabilities', context)),
        ...(await notShared('transactions', context)),
        ...attentionWarnings(
          await store.connections.list(),
          sources.map(({ connection }) => connection.itemId),
          context,
        ),
      ],
    }
    const part = Math.min(roomBeside(rest), mostBytes) / mostBytes
    const shown = {
      due: fitting(found.due, 4_500 * part, (row) => dueView(row, bankOf(row.account.itemId))),
      expected: fitting(found.expected, 9_000 * part, (row) =>
        expectedView(row, names.get(row.series.accountId)),
      ),
      lowest: fitting(found.lowest.toSorted(byLowest), 4_000 * part, (row) =>
        lowestView(row, bankOf(row.account.itemId)),
      ),
    }
    return { ...shown, ...rest, warnings: [...rest.warnings, ...leftOut(found, shown)] }
  },
})

function dueView({ liability, account, payment, payer }: Due, institution: string): z.input<typeof due> {
  const major = (amount: number | null) => (amount === null ? null : toMajor(amount, liability.currency))
  return {
    item_id: account.itemId,
    institution,
    account_id: account.accountId,
    account: account.name,
    kind: liability.kind,
    currency: liability.currency,
    ...present({
      due_date: liability.nextPaymentDueOn,
      minimum_payment: major(liability.minimumPayment),
      apr: liability.apr === null ? null : Number(liability.apr),
      last_statement_balance: major(liability.lastStatementBalance),
      is_overdue: liability.isOverdue,
      expected_payment: major(payment),
      paid_from: payer,
      data_as_of: account.dataAsOf,
    }),
  }
}

function expectedView({ series, date, amount }: Expected, account?: string): z.input<typeof expected> {
  return {
    name: series.name,
    kind: series.sign === 'in' ? 'income' : 'expense',
    date,
    amount: toMajor(amount, series.currency),
    currency: series.currency,
    cadence: series.cadence,
    account_id: series.accountId,
    ...present({ account }),
  }
}

function lowestView({ account, ...figures }: Lowest, institution: string): z.input<typeof lowest> {
  const major = (amount: number) => toMajor(amount, account.currency)
  return {
    account_id: account.accountId,
    account: account.name,
    institution,
    currency: account.currency,
    lowest_balance: major(figures.lowest),
    on: figures.on,
    current: major(figures.current),
  }
}

function byLowest(a: Lowest, b: Lowest): number {
  return a.lowest - b.lowest
}

/** Of the three lists, where nothing else wants more. */
const mostBytes = 17_500

/** As many as fit, but always one; the lists, the banks and the warnings share 24 kB. */
function fitting<T, V>(all: readonly T[], most: number, view: (row: T) => V): V[] {
  let bytes = 0
  const rows = all.map(view)
  const end = rows.findIndex((row) => (bytes += Buffer.byteLength(JSON.stringify(row)) + 1) > most)
  return end === -1 ? rows : rows.slice(0, Math.max(end, 1))
}

type Lists = Record<'due' | 'expected' | 'lowest', readonly unknown[]>

function leftOut(found: Lists, shown: Lists): Warning[] {
  const lists = ['due', 'expected', 'lowest'] as const
  return lists.flatMap((list) => {
    const more = found[list].length - shown[list].length
    if (more === 0) return []
    return [{ code: 'MORE_LEFT_OUT', text: `${more} more rows of ${list} are left out; ask for fewer days.` }]
  })
}

function unknownWarnings({ untold, partly, dueUntold, outdated }: UpcomingReading): Warning[] {
  const expecting = untold.map(({ itemId, institution }) => ({
    code: 'EXPECTED_NOT_KNOWN',
    item_id: itemId,
    text: `The transactions of ${institution} cannot be had now, so what recurs there is not in expected.`,
  }))
  const seldom = partly.map(({ connection: { itemId, institution }, from }) => ({
    code: 'EXPECTED_FROM_PART',
    item_id: itemId,
    text: `Of ${institution} only the transactions since ${from} are known now; what recurs too seldom to show in them is not in expected.`,
  }))
  const unfetched = dueUntold.map((row) => ({
    code: 'DUE_NOT_KNOWN',
    item_id: row.itemId,
    text: `What is due on the cards and loans of ${row.institution} has not been fetched yet, so it is not in due. ${needsAttention(row) ? 'See its next_step.' : 'Ask again in a minute.'}`,
  }))
  const owing = outdated.map(({ itemId, institution }) => ({
    code: 'DUE_NOT_KNOWN',
    item_id: itemId,
    text: `The due dates that ${institution} told last are over; what is due there now is not known.`,
  }))
  return [
    ...firstOf(expecting, (more) => `Nor can those of ${more} more banks; each is in connections.`),
    ...firstOf(seldom, (more) => `So it is with ${more} more banks; each is in connections.`),
    ...firstOf(unfetched, (more) => `Nor has that of ${more} more banks; each is in connections.`),
    ...firstOf(owing, (more) => `So are those of ${more} more banks; each is in connections.`),
  ]
}
