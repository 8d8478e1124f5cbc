import { html } from 'hono/html'
import type { z } from 'zod'
import type { syncSnapshot } from '../tools/sync-snapshot.ts'
import { button, type Html, notes, type Viewer } from './html.ts'
import { nameOf, repairButton } from './connections.ts'
import { badge } from './status.ts'
import { moment, table } from './table.ts'
import { age, money } from './words.ts'

export type Snapshot = z.output<typeof syncSnapshot.output>
type Totals = Snapshot['totals'][number]

/** The household's figures, what they rest on, and how old that is. `more` stands between the two. */
export function snapshotView(snapshot: Snapshot, viewer: Viewer, more: Html = html``): Html {
  const { totals, connections, window, changes, warnings } = snapshot
  return html`<p class="lead" data-news>${verdictOf(snapshot)}</p>
    <div class="buttons">
      ${button({ label: 'Fetch now', tool: 'sync_snapshot', arguments: { max_age_minutes: 0 }, look: 'primary' })}
    </div>
    ${notes(
      connections.flatMap(({ next_step: step }) => (step === undefined ? [] : [step.text])),
      'What to do',
    )}
    ${notes(
      changes.map(({ text, name }) => (name === undefined ? text : `${text} (${name})`)),
      'New since the chat last looked',
    )}
    ${totals.map((row) => totalsSection(row, `${window.from} to ${window.to}`, totals.length > 1))}
    ${connections.length === 0 ? '' : more}
    ${connections.length === 0 ? '' : sourcesSection(connections, viewer)}
    ${notes(
      warnings.map(({ text }) => text),
      'Notes',
    )}`
}

function verdictOf({ complete, connections }: Snapshot): string {
  if (connections.length === 0) return 'No bank is connected yet.'
  if (complete) return 'Complete: every bank is fresh.'
  const bad = connections.filter(({ status, source }) => status !== 'active' || source === 'missing')
  const names = bad.map(nameOf).join(', ')
  return names === '' ? 'Not all of it is fresh: see the ages below.' : `Not complete: ${names}.`
}

function totalsSection(row: Totals, window: string, isNamed: boolean): Html {
  const show = (amount: number | undefined) => money(amount, row.currency)
  const id = `totals-${row.currency}`
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${isNamed ? `Totals in ${row.currency}` : 'Totals'}</h2>
    ${figures([
      ['Net worth', show(row.net_worth)],
      ['In the bank', show(row.bank_balance)],
      ['Owed on cards', show(row.credit_owed)],
      ['Owed on loans', show(row.loans_owed)],
      ['Invested', show(row.investments)],
    ])}
    <p class="soft">Cash flow ${window}, own transfers and card payments left out</p>
    ${
      row.income === undefined
        ? html`<p>The cash flow is not known yet.</p>`
        : figures([
            ['Income', show(row.income)],
            ['Expenses', show(row.expenses)],
            ['Net cash flow', show(row.net_cash_flow)],
            ['Pending', show(row.pending_net)],
            ['Runway', row.runway_months === undefined ? 'not needed' : `${row.runway_months} months`],
          ])
    }
  </section>`
}

function figures(pairs: readonly (readonly [string, string])[]): Html {
  return html`<dl class="figures">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

const sourceWords = {
  live: 'fetched just now',
  cached: 'stored',
  preparing: 'being fetched',
  missing: 'nothing yet',
} as const

function sourcesSection(connections: Snapshot['connections'], viewer: Viewer): Html {
  return html`<section aria-labelledby="sources">
    <h2 id="sources">What it rests on</h2>
    ${table(
      'Each bank and the age of its data',
      ['Bank', 'State', 'Figures', 'Fetched', 'The bank’s data'],
      connections.map((row) => [
        nameOf(row),
        html`${badge(row.status)}${repairButton(row, viewer)}`,
        sourceWords[row.source],
        moment(row.last_synced_at, age(row.last_synced_at, viewer.now)),
        moment(row.data_as_of, age(row.data_as_of, viewer.now)),
      ]),
    )}
  </section>`
}
