import { html } from 'hono/html'
import type { z } from 'zod'
import type { getPositions } from '../tools/get-positions.ts'
import { shareBar } from './charts.ts'
import type { Html } from './html.ts'
import { table } from './table.ts'
import { money, percent } from './words.ts'

export type Positions = Pick<z.output<typeof getPositions.output>, 'positions' | 'totals'>
type Row = Positions['positions'][number]

/** What is invested, by kind and position by position. */
export function positionsView({ positions, totals }: Positions): Html {
  return html`<section aria-labelledby="allocation">
    <h2 id="allocation">Investments</h2>
    ${totals.map(allocation)}
    ${
      positions.length === 0
        ? html`<p class="soft">There are no positions.</p>`
        : table('Positions, the largest first', columns, positions.map(cellsOf))
    }
  </section>`
}

const columns = ['Position', 'Kind', '#Quantity', '#Value', '#Gain', '#Share']

function allocation({ currency, value, by_type: byType }: Positions['totals'][number]): Html {
  const parts = Object.entries(byType).toSorted(([, a], [, b]) => b - a)
  return table(
    `How ${money(value, currency)} is invested`,
    ['Kind', 'Part', '#Value', '#Share'],
    parts.map(([type, part]) => {
      const share = value > 0 ? part / value : 0
      return [type, shareBar(share), money(part, currency), percent(share)]
    }),
  )
}

function cellsOf(row: Row) {
  const { ticker, name, currency, account } = row
  return [
    html`${ticker === undefined ? '' : html`<strong>${ticker}</strong> `}${name}${
      account === undefined ? '' : html` <span class="soft">${account}</span>`
    }`,
    row.type,
    row.quantity === undefined ? '' : String(row.quantity),
    money(row.value, currency),
    money(row.unrealized_gain, currency),
    percent(row.weight),
  ]
}
