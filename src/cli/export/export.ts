import type { App } from '../../app.ts'
import type { CofferError } from '../../errors.ts'
import type { TotalsDay } from '../../model.ts'
import { majorText } from '../../money.ts'
import { runwayMonths } from '../../snapshot/index.ts'
import type { Row } from './csv.ts'
import { nameOf } from './transactions.ts'

export interface Wanted {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly progress: (message: string) => void
}

export interface Exported {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  /** What a reader might take to be in it, and is not: sentences. */
  readonly missing: readonly string[]
  /** Why there is nothing at all in it, where something could not be fetched. */
  readonly failure?: CofferError
}

const balanceColumns = [
  'date',
  'balance',
  'currency',
  'type',
  'account',
  'account_mask',
  'institution',
  'account_id',
  'item_id',
]

/** The balance of each account by day, as the bank tells it: of cards and loans positive = owed. Asks no bank. */
export async function exportBalances({ store, sync }: App, { from, to }: Wanted): Promise<Exported> {
  const { sources } = await sync.read({ days: 1, maxAgeMinutes: -1 })
  await sync.markUsed(sources)
  const connections = new Map(sources.map(({ connection }) => [connection.itemId, connection]))
  const accounts = new Map((await store.accounts.list()).map((row) => [row.accountId, row]))
  const rows = (await store.balanceDays.list()).flatMap((day): Row[] => {
    const [account, connection] = [accounts.get(day.accountId), connections.get(day.itemId)]
    if (account === undefined || connection === undefined || account.sameAs !== null) return []
    if (day.date < (from ?? day.date) || day.date > (to ?? day.date)) return []
    return [
      {
        date: day.date,
        balance: majorText(day.current, day.currency),
        currency: day.currency,
        type: account.type,
        ...nameOf(account, connection),
        account_id: day.accountId,
        item_id: day.itemId,
      },
    ]
  })
  return { columns: balanceColumns, rows, missing: [] }
}

const snapshotColumns = [
  'date',
  'taken_at',
  'currency',
  'bank_balance',
  'credit_owed',
  'loans_owed',
  'investments',
  'net_worth',
  'net_cash_flow',
  'monthly_burn',
  'runway_months',
  'complete',
]

/** The totals that were kept, one row a day and currency. Asks no bank. */
export async function exportSnapshots({ store }: App, { from, to }: Wanted): Promise<Exported> {
  const kept = await store.history.list({ from: from ?? '', to: to ?? '9999-12-31' })
  return { columns: snapshotColumns, rows: kept.map(snapshotRow), missing: [] }
}

function snapshotRow(day: TotalsDay): Row {
  const major = (minor: number | null) => (minor === null ? null : majorText(minor, day.currency))
  const runway = day.monthlyBurn === null ? null : runwayMonths(day.bankBalance, day.monthlyBurn)
  return {
    date: day.date,
    taken_at: day.takenAt,
    currency: day.currency,
    bank_balance: major(day.bankBalance),
    credit_owed: major(day.creditOwed),
    loans_owed: major(day.loansOwed),
    investments: major(day.investments),
    net_worth: major(day.netWorth),
    net_cash_flow: major(day.netCashFlow),
    monthly_burn: major(day.monthlyBurn),
    runway_months: runway === null ? null : String(runway),
    complete: day.complete,
  }
}
