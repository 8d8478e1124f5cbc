import type { z } from 'zod'
import type { getHistory } from '../tools/get-history.ts'
import { lineChart } from './charts.ts'
import { type Html } from './html.ts'
import { money } from './words.ts'
import { html } from 'hono/html'

export type History = z.output<typeof getHistory.output>
type Points = History['points']

/** How the net worth went, a drawing for each currency. */
export function netWorthView(points: Points): Html {
  const drawn = [...Map.groupBy(points, ({ currency }) => currency)].filter(([, own]) => own.length > 1)
  return html`<section aria-labelledby="net-worth">
    <h2 id="net-worth">Net worth over time</h2>
    ${
      drawn.length === 0
        ? html`<p class="soft">A line is drawn once figures of two days are kept.</p>`
        : drawn.map(([currency, own]) => chartOf(currency, own))
    }
  </section>`
}

function chartOf(currency: string, points: Points): Html {
  const values = points.map(({ value }) => value)
  const [first, last] = [points.at(0), points.at(-1)]
  const show = (value: number | undefined) => money(value, currency)
  const [start, end] = [first?.date ?? '', last?.date ?? '']
  const length = Date.parse(end) - Date.parse(start) || 1
  return lineChart(
    points.map(({ date, value, complete }) => ({
      at: (Date.parse(date) - Date.parse(start)) / length,
      value,
      whole: complete,
    })),
    {
      title: `Net worth in ${currency}`,
      summary: `Net worth in ${currency}: ${show(first?.value)} on ${start}, ${show(last?.value)} on ${end}`,
      columns: ['Day', '#Net worth', 'Banks'],
      rows: points
        .toReversed()
        .map(({ date, value, complete }) => [date, show(value), complete ? 'all' : 'some missing or old']),
    },
    { top: show(Math.max(...values)), bottom: show(Math.min(...values)), along: [start, end] },
  )
}
