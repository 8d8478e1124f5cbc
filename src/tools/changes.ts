import { z } from 'zod'
import { formatMoney, toMajor } from '../money.ts'
import type { News } from '../sync/index.ts'

export const change = z.object({
  code: z.string(),
  item_id: z.string().optional(),
  account_id: z.string().optional(),
  date: z.string().optional(),
  amount: z.number().optional(),
  currency: z.string().optional(),
  previous_amount: z.number().optional(),
  /** A third party's text, in no sentence of ours. */
  name: z.string().optional(),
  text: z.string(),
})
type Change = z.input<typeof change>

/** A result stays small, however long nobody has looked. */
const mostIncome = 12
const mostBills = 12

/** What is different from the last snapshot, in sentences of ours: a bank's name is all that they hold of others. */
export function changesView({ statuses, income, bills }: News): Change[] {
  const left = income.slice(mostIncome)
  return [
    ...statuses.map(statusChange),
    ...income.slice(0, mostIncome).map(incomeChange),
    ...andMore(left),
    ...bills.slice(0, mostBills).map(billChange),
  ]
}

function statusChange({ itemId, institution, from, to }: News['statuses'][number]): Change {
  return {
    code: 'STATUS_CHANGED',
    item_id: itemId,
    text: `${institution} was ${from} and is ${to} now.`,
  }
}

function incomeChange({ sum, currency, ...row }: News['income'][number]): Change {
  return {
    code: 'NEW_INCOME',
    item_id: row.itemId,
    account_id: row.accountId,
    date: row.date,
    amount: toMajor(sum, currency),
    currency,
    text: `${formatMoney(sum, currency)} came in at ${row.institution} on ${row.date}.`,
  }
}

function billChange({ amount, previous, currency, ...row }: News['bills'][number]): Change {
  const [now, before] = [-amount, -previous].map((out) => formatMoney(out, currency))
  return {
    code: 'BILL_GREW',
    item_id: row.itemId,
    account_id: row.accountId,
    date: row.date,
    amount: toMajor(amount, currency),
    previous_amount: toMajor(previous, currency),
    currency,
    name: row.name,
    text: `A recurring payment at ${row.institution} grew from ${before} to ${now} on ${row.date}.`,
  }
}

function andMore({ length }: News['income']): Change[] {
  if (length === 0) return []
  return [{ code: 'NEW_INCOME', text: `And ${length} more, earlier; search_transactions has them.` }]
}
