import { html } from 'hono/html'
import type { z } from 'zod'
import type { getUpcoming } from '../tools/get-upcoming.ts'
import { type Html, notes } from './html.ts'
import { day, table } from './table.ts'
import { money } from './words.ts'

export type Upcoming = z.output<typeof getUpcoming.output>

/** What the next weeks bring. */
export function upcomingView(upcoming: Upcoming): Html {
  const { due, expected, lowest, window, warnings } = upcoming
  return html`<p class="lead" data-news>${window.from} to ${window.to}, today included.</p>
    ${part('due', 'Payments that are due', due.length, dueTable(due))}
    ${part('expected', 'Expected from their own rhythm', expected.length, expectedTable(expected))}
    ${part('lowest', 'How low each account is expected to go', lowest.length, lowestTable(lowest))}
    ${notes(
      warnings.map(({ text }) => text),
      'Notes',
    )}`
}

function part(id: string, title: string, count: number, content: Html): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${count === 0 ? html`<p class="soft">Nothing is known.</p>` : content}
  </section>`
}

function dueTable(due: Upcoming['due']): Html {
  return table(
    'Cards and loans, the overdue first',
    ['Account', 'Due', '#At least', '#Last statement', '#APR'],
    due.map((row) => [
      `${row.account}, ${row.institution}`,
      html`${row.due_date === undefined ? 'not told' : day(row.due_date)}${row.is_overdue === true ? html` <span class="badge over">Overdue</span>` : ''}`,
      money(row.minimum_payment, row.currency),
      money(row.last_statement_balance, row.currency),
      row.apr === undefined ? '-' : `${row.apr}%`,
    ]),
  )
}

function expectedTable(expected: Upcoming['expected']): Html {
  return table(
    'Salaries, bills and subscriptions',
    ['What', 'Day', 'How often', 'Account', '#Amount'],
    expected.map((row) => [
      row.name,
      day(row.date),
      row.cadence,
      row.account ?? '',
      money(row.amount, row.currency),
    ]),
  )
}

function lowestTable(lowest: Upcoming['lowest']): Html {
  return table(
    'Bank accounts, the lowest first',
    ['Account', '#Now', '#Lowest', 'On'],
    lowest.map((row) => [
      `${row.account}, ${row.institution}`,
      money(row.current, row.currency),
      money(row.lowest_balance, row.currency),
      day(row.on),
    ]),
  )
}
