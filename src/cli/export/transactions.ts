import type { App } from '../../app.ts'
import type { Account, Connection } from '../../model.ts'
import { majorText } from '../../money.ts'
import { daysBetween, type FlowRow, isWithin, today, type Verdict } from '../../snapshot/index.ts'
import type { Reading, RowsReading, SourceState } from '../../sync/index.ts'
import { sourceView } from '../../tools/views.ts'
import type { Row } from './csv.ts'
import type { Exported, Wanted } from './export.ts'

/** As far back as Plaid goes, and as far as a ledger may. */
const [usualDays, mostDays] = [730, 2_557]
/** A fetch of years takes longer than a tool may. */
const tries = 8

export const transactionColumns = [
  'date',
  'amount',
  'currency',
  'kind',
  'pending',
  'name',
  'merchant',
  'category',
  'category_detailed',
  'account',
  'account_mask',
  'institution',
  'account_id',
  'item_id',
  'transaction_id',
]

/** Every transaction of the span, oldest first; `missing` names the banks of which there are none or not all. */
export async function exportTransactions(app: App, { from, to, progress }: Wanted): Promise<Exported> {
  const now = today(app.now(), app.timeZone)
  const asked = from === undefined ? usualDays : daysBetween(from, now) + 1
  const days = Math.min(Math.max(asked, 1), mostDays)
  const { reading, judged } = await readAll(app, days, progress)
  const span = { from: from ?? reading.window.from, to: to ?? reading.window.to }
  const { verdicts, isAtHand } = judged
  await app.sync.markUsed(reading.sources)
  const accounts = new Map((await app.store.accounts.list()).map((row) => [row.accountId, row]))
  const connections = new Map(reading.sources.map(({ connection }) => [connection.itemId, connection]))
  const rows = [...verdicts]
    .filter(([row]) => isWithin(row.date, span) && !row.duplicate)
    .toSorted(([a], [b]) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .flatMap(([row, verdict]) =>
      rowOf(row, verdict, accounts.get(row.accountId), connections.get(row.itemId)),
    )
  const absent = reading.sources.filter((source) => isMissing(source, isAtHand))
  const missing = [...absent.map(missingText), ...shortTexts(reading)]
  const isNothing = !reading.sources.some(({ connection }) => isAtHand(connection.itemId))
  const failure = isNothing && rows.length === 0 ? absent.find(({ error }) => error !== null)?.error : null
  return { columns: transactionColumns, rows, missing, ...(failure && { failure }) }
}

/** The same every time, also within a day. */
function orderOf({ date, accountId, transaction }: FlowRow): string {
  return [date, accountId, transaction?.transactionId].join(' ')
}

async function readAll({ sync }: App, days: number, progress: Wanted['progress']): Promise<RowsReading> {
  let found = await sync.readRows({ days, maxAgeMinutes: 60, progress })
  for (let again = 1; again < tries && found.reading.stillSyncing; again++)
    found = await sync.readRows({ days, maxAgeMinutes: 60, progress })
  return found
}

function rowOf(
  { transaction }: FlowRow,
  { kind }: Verdict,
  account: Account | undefined,
  connection: Connection | undefined,
): Row[] {
  if (transaction === null || account === undefined || connection === undefined) return []
  const { date, amount, currency, pending, category } = transaction
  return [
    {
      date,
      amount: majorText(amount, currency),
      currency,
      kind,
      pending,
      name: { text: transaction.name },
      merchant: transaction.merchant === null ? null : { text: transaction.merchant },
      category: category === null ? null : { text: category.primary },
      category_detailed: category === null ? null : { text: category.detailed },
      ...nameOf(account, connection),
      account_id: account.accountId,
      item_id: connection.itemId,
      transaction_id: { text: transaction.transactionId },
    },
  ]
}

/** What a person calls the account. */
export function nameOf(account: Account, { institution }: Pick<Connection, 'institution'>) {
  return {
    account: { text: account.name },
    account_mask: account.mask === null ? null : { text: account.mask },
    institution: { text: institution },
  }
}

function isMissing({ connection, source }: SourceState, isAtHand: (itemId: string) => boolean): boolean {
  return (
    source === 'missing' || (connection.products.includes('transactions') && !isAtHand(connection.itemId))
  )
}

/** A person at a terminal has commands, no tools. */
function missingText(state: SourceState): string {
  const { institution, status, error, next_step } = sourceView(state, true)
  const why = error === undefined ? `it is ${status}` : `${error.code}: ${error.text}`
  return [`Not in it: transactions of ${institution} (${why}).`, next_step?.text].filter(Boolean).join(' ')
}

function shortTexts({ shortSpans, window }: Reading): string[] {
  return shortSpans.map(
    ({ institution, from }) =>
      `${institution}: transactions are known from ${from} on, not from ${window.from}.`,
  )
}
