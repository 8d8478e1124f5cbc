import { z } from 'zod'
import { CofferError } from '../errors.ts'
import type { Account, Reconciliation } from '../model.ts'
import { toMajor, toMinor } from '../money.ts'
import {
  addDays,
  type Books,
  daysBetween,
  isReconcilable,
  type KnownBalance,
  reconcile,
  type Reconciled,
  type Suspect,
  type Suspicion,
  today,
} from '../snapshot/index.ts'
import type { Reading } from '../sync/index.ts'
import type { ToolContext } from './context.ts'
import { day } from './days.ts'
import { defineTool } from './define.ts'
import { source } from './shapes.ts'
import { present, sourceView } from './views.ts'

const mostDays = 730
const usualDays = 30
const mostSuspects = 10

export const reconcileAccount = defineTool({
  name: 'reconcile_account',
  title: 'Reconcile an account',
  description:
    'Checks that one bank account, card or loan adds up: the balance at the end of the day `from` and all posted transactions since, held against the balance that the bank tells. Without opening_balance it begins with the last balance that was kept at or before `from` (30 days ago). Names what may explain a discrepancy; balances of cards and loans are what is owed. The result is kept for account_health. Investment accounts do not add up by transactions.',
  effect: 'refresh',
  input: z.strictObject({
    account_id: z.string().min(1).max(64).describe('From list_connections'),
    from: day.optional().describe('Opening day, YYYY-MM-DD'),
    opening_balance: z
      .number()
      .min(-1e9)
      .max(1e9)
      .optional()
      .describe('Balance at the end of that day, from a statement'),
  }),
  output: z.object({
    account_id: z.string(),
    expected: z.number(),
    actual: z.number(),
    discrepancy: z.number(),
    currency: z.string(),
    from: z.string(),
    to: z.string(),
    opening: z.number(),
    suspects: z.array(
      z.object({
        date: z.string(),
        amount: z.number(),
        name: z.string().optional(),
        transaction_id: z.string().optional(),
        reason: z.string(),
      }),
    ),
    suggestions: z.array(z.string()),
    connections: z.array(source),
  }),
  async handle(args, context) {
    const { store, sync, readOnly, now, timeZone } = context
    const account = await reconcilable(args.account_id, context)
    const opening = await openingOf(account, args, today(now(), timeZone), context)
    const days = daysBetween(opening.date, today(now(), timeZone)) + 1
    const { itemId } = account
    const { reading, judged } = await sync.readRows({
      days,
      maxAgeMinutes: 60,
      itemId,
      admit: context.admit,
      signal: context.signal,
    })
    const { verdicts, isAtHand } = judged
    const rows = [...verdicts.keys()].filter((row) => row.accountId === account.accountId)
    mustReachBack(account, opening, { reading, isAtHand: isAtHand(itemId) })
    const actual = await told(account, context)
    const books = { accountType: account.type, currency: account.currency, opening, rows, actual }
    mustFollow(books)
    const result = reconcile(books)
    await store.reconciliations.add(recordOf(account, books, result, now()))
    await sync.markUsed(reading.sources)
    return {
      ...viewOf(account, books, result),
      suggestions: suggestionsOf(result, isAtHand(itemId)),
      connections: reading.sources.map((state) => sourceView(state, readOnly)),
    }
  },
})

async function reconcilable(accountId: string, { store, connections }: ToolContext): Promise<Account> {
  const account = (await store.accounts.list()).find((row) => row.accountId === accountId)
  if (account === undefined)
    throw new CofferError('UNKNOWN_ACCOUNT', `No account has the account_id ${JSON.stringify(accountId)}.`, {
      fix: 'list_connections has the right ones.',
    })
  const { products } = await connections.find(account.itemId)
  if (!isReconcilable(account.type)) throw notReconcilable(account)
  if (!products.includes('transactions'))
    throw new CofferError('PRODUCT_UNAVAILABLE', 'The transactions of this account are not shared.', {
      fix: `Call start_reauth with item_id=${account.itemId} and add_products=["transactions"].`,
    })
  return account
}

function notReconcilable({ type }: Account): CofferError {
  if (type === 'investment')
    return new CofferError(
      'PRODUCT_UNAVAILABLE',
      'An investment account changes its value by the market, so its transactions do not add up to it.',
      { fix: 'get_positions shows what it holds.' },
    )
  return new CofferError(
    'PRODUCT_UNAVAILABLE',
    'What kind of account this is is not known, so neither is what a transaction does to its balance.',
    { fix: 'Choose a bank account, card or loan; list_connections has them with their types.' },
  )
}

interface Asked {
  readonly from?: string | undefined
  readonly opening_balance?: number | undefined
}

async function openingOf(
  account: Account,
  { from, opening_balance: given }: Asked,
  to: string,
  { store }: ToolContext,
): Promise<KnownBalance> {
  const asked = from ?? addDays(to, -usualDays)
  if (asked >= to || daysBetween(asked, to) >= mostDays)
    throw new CofferError(
      'INVALID_ARGUMENTS',
      `from (${asked}) is not within the ${mostDays} days before today.`,
      {
        fix: 'Give an earlier day than today, as YYYY-MM-DD.',
      },
    )
  if (given !== undefined) return { date: asked, amount: toMinor(given, account.currency) }
  const kept = (await store.balanceDays.list(account.accountId)).filter(
    ({ date, currency }) => currency === account.currency && date < to && daysBetween(date, to) < mostDays,
  )
  const before = kept.findLast(({ date }) => date <= asked)
  if (before !== undefined) return { date: before.date, amount: before.current }
  const last = await store.reconciliations.lastOf(account.accountId)
  if (last !== null && last.to < to && last.currency === account.currency)
    return { date: last.to, amount: last.actual }
  const [first] = kept
  if (from === undefined && first !== undefined) return { date: first.date, amount: first.current }
  throw new CofferError('INVALID_ARGUMENTS', `No balance of this account is known of ${asked} or before.`, {
    fix: 'Give opening_balance, the balance at the end of the day `from`, from a statement of the bank.',
  })
}

/** The balance that the bank tells now, and its day. */
async function told(
  { itemId, accountId }: Account,
  { store, now, timeZone }: ToolContext,
): Promise<KnownBalance> {
  const account = (await store.accounts.list(itemId)).find((row) => row.accountId === accountId)
  const amount = account?.current ?? (account?.type === 'depository' ? account.available : null)
  if (account === undefined || amount === null)
    throw new CofferError('PRODUCT_UNAVAILABLE', 'The bank tells no balance of this account.', {
      fix: 'Ask again after the next sync; list_connections shows what is known of it.',
    })
  const at = account.dataAsOf === null ? now() : Date.parse(account.dataAsOf)
  return { date: today(at, timeZone), amount }
}

/** What is not known of its transactions is not nothing: a result without it would be wrong, and would be kept. */
function mustReachBack(
  { itemId }: Account,
  opening: KnownBalance,
  { reading, isAtHand }: { readonly reading: Reading; readonly isAtHand: boolean },
): void {
  const isPreparing = reading.sources.some(({ source }) => source === 'preparing') && !isAtHand
  const isUntold = reading.untold.some((row) => row.itemId === itemId)
  if (isPreparing || isUntold)
    throw new CofferError('NOT_READY', 'The transactions of this account are not known yet.', {
      fix: 'Ask again in a minute; list_connections says how its bank is.',
      retryable: true,
    })
  const from = reading.shortSpans.find((span) => span.itemId === itemId)?.from
  // Those of the opening day are in the opening balance.
  if (from === undefined || from <= addDays(opening.date, 1)) return
  throw new CofferError(
    'NOT_READY',
    `The transactions of this account are known from ${from} on, not from ${opening.date}.`,
    { fix: `Give \`from\` that day and its balance as opening_balance, or ask again later.` },
  )
}

function mustFollow({ opening, actual }: Books): void {
  if (opening.date < actual.date) return
  const text = `The last balance of the bank is of ${actual.date}, which is not after ${opening.date}.`
  throw new CofferError('NOT_READY', text, { fix: 'Give an earlier `from`, or repair the login first.' })
}

function recordOf(
  { itemId, accountId, currency }: Account,
  { opening, actual }: Books,
  { expected }: Reconciled,
  now: number,
): Reconciliation {
  return {
    itemId,
    accountId,
    from: opening.date,
    to: actual.date,
    currency,
    opening: opening.amount,
    expected,
    actual: actual.amount,
    madeAt: new Date(now).toISOString(),
  }
}

function viewOf({ accountId, currency }: Account, { opening, actual }: Books, result: Reconciled) {
  return {
    account_id: accountId,
    expected: toMajor(result.expected, currency),
    actual: toMajor(actual.amount, currency),
    discrepancy: toMajor(result.discrepancy, currency),
    currency,
    from: opening.date,
    to: actual.date,
    opening: toMajor(opening.amount, currency),
    suspects: result.suspects.slice(0, mostSuspects).map(suspectView),
  }
}

function suspectView({ row, why }: Suspect) {
  return {
    date: row.date,
    amount: toMajor(row.amount, row.currency),
    reason: row.pending && why === 'exact' ? pendingIsIt : reasons[why],
    ...present({ name: row.transaction?.name, transaction_id: row.transaction?.transactionId }),
  }
}

const pendingIsIt =
  'It is pending and as large as the discrepancy: the bank counts it in the balance already.'
const reasons: Record<Suspicion, string> = {
  exact: 'It is as large as the discrepancy: it may not be in the balance.',
  half: 'It is half of the discrepancy: its sign may be wrong.',
  duplicate: 'It is as large as the discrepancy and there is another like it: it may be there twice.',
  opening_day:
    'It is of the opening day and as large as the discrepancy, or a part of it: it may have come after that balance.',
  closing_day:
    'It is as large as the discrepancy and of the last day: the balance may be older or newer than it.',
  pending: 'It is pending: some banks count it in the balance already.',
}

/** @param isAtHand the transactions themselves are, and not only sums of them */
function suggestionsOf(result: Reconciled, isAtHand: boolean): string[] {
  const { discrepancy, suspects, otherCurrencies } = result
  const sums = isAtHand ? [] : ['The bank could not be asked; only sums per day were at hand, without names.']
  const foreign =
    otherCurrencies.length === 0
      ? []
      : [`Transactions in ${otherCurrencies.join(', ')} are left out: the balance is in another currency.`]
  const known = [...sums, ...foreign]
  if (discrepancy === 0) return [...known, 'It adds up; nothing has to be done.']
  const late = suspects.filter(({ why }) => why === 'opening_day')
  const midDay =
    late.length === 0
      ? []
      : [
          `${late.length === 1 ? 'A transaction' : `${late.length} transactions`} of the opening day explain it where that balance was taken before the day was over: give an earlier \`from\`, or the balance at the end of that day as opening_balance.`,
        ]
  const advice =
    suspects.length > 0
      ? 'Look at the suspects first, the likeliest is the first; then at the statement of the bank.'
      : 'No single transaction explains it: compare the statement of the bank day by day, with a later `from`.'
  return [
    ...known,
    ...midDay,
    advice,
    'A bank may tell a balance hours before its transactions: try tomorrow.',
  ]
}
