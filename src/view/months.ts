import { html } from 'hono/html'
import type { z } from 'zod'
import type { getCashFlow } from '../tools/get-cash-flow.ts'
import { columnChart } from './charts.ts'
import { button, type Html } from './html.ts'
import { money } from './words.ts'

export type CashFlow = z.output<typeof getCashFlow.output>

/** The cash flow of a calendar month, in major units. `whole`: every bank is known from its first day on. */
export interface Month {
  /** YYYY-MM */
  readonly month: string
  readonly currency: string
  readonly income: number
  readonly expenses: number
  readonly net: number
  readonly whole: boolean
}

const shown = 6

/** The first days of the months to be shown, the earliest first. */
export function firstDays(today: string): string[] {
  const [year = 0, month = 1] = today.split('-').map(Number)
  return Array.from({ length: shown }, (_, index) =>
    new Date(Date.UTC(year, month - shown + index, 1)).toISOString().slice(0, 10),
  )
}

/** The months of a cash flow that was asked for by month, which has the newest first. */
export function monthsOf({ groups }: Pick<CashFlow, 'groups'>): Month[] {
  return groups
    .map(({ key, partial, ...amounts }) => ({ ...amounts, month: key, whole: partial !== true }))
    .toReversed()
}

/** @param from the first day of the first month, for the button that fetches what is missing */
export function monthsView(months: readonly Month[], from: string): Html {
  const all = [...Map.groupBy(months, ({ currency }) => currency)]
  const isStarred = months.some(({ whole }) => !whole)
  const isShort = isStarred || months.every(({ month }) => !from.startsWith(month))
  const fetching = { label: 'Fetch these months', tool: 'get_cash_flow', arguments: { from } }
  return html`<section aria-labelledby="months">
    <h2 id="months">Cash flow by month</h2>
    ${all.map(([currency, own]) => chartOf(currency, own))}
    ${
      isStarred
        ? html`<p class="soft">Months that are not known from their first day on are marked with a star.</p>`
        : ''
    }
    ${isShort ? html`<div class="buttons">${button(fetching)}</div>` : ''}
  </section>`
}

function chartOf(currency: string, months: readonly Month[]): Html {
  const show = (amount: number) => money(amount, currency)
  const name = ({ month, whole }: Month) => (whole ? month : `${month}*`)
  const most = Math.max(...months.flatMap(({ income, expenses }) => [income, -expenses]))
  return columnChart(
    months.map(({ income, expenses }) => [income, -expenses]),
    {
      title: `Income and expenses in ${currency}`,
      summary: `Income and expenses in ${currency} of ${months.length === 1 ? 'one month' : `${months.length} months`}; net ${months
        .map((row) => `${name(row)} ${show(row.net)}`)
        .join(', ')}`,
      columns: ['Month', '#Income', '#Expenses', '#Net'],
      rows: months.map((row) => [name(row), show(row.income), show(row.expenses), show(row.net)]),
    },
    {
      top: show(most),
      bottom: show(0),
      along: months.map((row) => name(row).slice('YYYY-'.length)),
      legend: ['Income', 'Expenses'],
    },
  )
}
