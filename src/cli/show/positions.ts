import type { z } from 'zod'
import type { getPositions } from '../../tools/get-positions.ts'
import { money, percent } from '../../view/words.ts'
import { table } from './table.ts'

type Positions = z.output<typeof getPositions.output>

export function showPositions({
  positions,
  totals,
  period,
  activity,
  warnings,
  next_cursor,
}: Positions): string {
  const rows = positions.map((row) => [
    row.ticker ?? '',
    row.name,
    row.account ?? '',
    row.quantity === undefined ? '' : String(row.quantity),
    money(row.price, row.currency),
    money(row.value, row.currency),
    money(row.unrealized_gain, row.currency),
    percent(row.weight),
  ])
  const columns = [
    ['ticker'],
    ['name'],
    ['account'],
    ['quantity', 'right'],
    ['price', 'right'],
    ['value', 'right'],
    ['gain', 'right'],
    ['weight', 'right'],
  ] as const
  const sums = totals.map(
    (row) =>
      `${row.currency}: ${money(row.value, row.currency)}, gain ${money(row.unrealized_gain, row.currency)}`,
  )
  const happened = activity.map(({ currency, ...sums }) => {
    const parts = Object.entries(sums).filter(([, amount]) => amount !== 0)
    const told = parts.map(([name, amount]) => `${name} ${money(amount, currency)}`).join(', ')
    return `${currency} since ${period.from}: ${told === '' ? 'nothing paid in or out' : told}`
  })
  const more =
    next_cursor === undefined ? [] : [`More: coffer-mcp call get_positions '{"cursor":"${next_cursor}"}'`]
  const none = positions.length === 0 ? ['No positions.'] : [table(columns, rows)]
  return [...none, ...sums, ...happened, ...more, ...warnings.map(({ text }) => `! ${text}`)].join('\n\n')
}
