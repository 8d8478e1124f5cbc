import { html } from 'hono/html'
import type { z } from 'zod'
import type { listConnections } from '../tools/list-connections.ts'
import { button, type Button, type Html, notes, type Viewer } from './html.ts'
import { plain } from './plain.ts'
import { badge } from './status.ts'
import { moment, table } from './table.ts'
import { age, money } from './words.ts'

export type Listed = z.output<typeof listConnections.output>
type Row = Listed['connections'][number]

/** Every connection, what is wrong with it, and a button for the one thing to do about it. */
export function connectionsView(listed: Listed, viewer: Viewer): Html {
  const { connections, warnings, total } = listed
  const hidden = total - connections.length
  return html`<p class="lead" data-news>${summaryOf(listed)}</p>
    <div class="buttons">
      ${button({ label: 'Check now', tool: 'list_connections', arguments: { refresh: true }, look: 'primary' })}
      ${viewer.mayChange ? connecting.map(button) : ''}
    </div>
    ${notes(
      warnings.map(({ text }) => text),
      'Notes',
    )}
    <ul class="cards">
      ${connections.map((row) => card(row, viewer))}
    </ul>
    ${hidden > 0 ? html`<p>${hidden} more are not shown here; coffer-mcp list has them all.</p>` : ''}`
}

const connecting: readonly Button[] = [
  { label: 'Connect a bank', tool: 'connect_bank', arguments: { kind: 'bank' } },
  { label: 'Connect a brokerage', tool: 'connect_bank', arguments: { kind: 'brokerage' } },
]

export function summaryOf({ total, needs_attention: waiting }: Listed): string {
  if (total === 0) return 'No bank is connected yet.'
  const all = total === 1 ? 'One connection' : `${total} connections`
  if (waiting === 0) return `${all}; none needs you.`
  return `${all}; ${waiting === 1 ? 'one needs' : `${waiting} need`} you.`
}

function card(row: Row, viewer: Viewer): Html {
  const { item_id: id, next_step: step } = row
  return html`<li>
    <article aria-labelledby="bank-${id}">
      <header>
        <h2 id="bank-${id}">${nameOf(row)}</h2>
        ${badge(row.status, row.reauth_deadline)}
      </header>
      ${step === undefined ? '' : html`<p class="step">${plain(step.text)}</p>`}
      ${repairButton(row, viewer)}
      <p class="ages">${agesOf(row, viewer.now)}</p>
      ${row.accounts.length === 0 ? '' : accountsTable(row)}
      ${endingOf(row, viewer)}
    </article>
  </li>`
}

export function nameOf({ institution, label }: { institution: string; label?: string | undefined }): string {
  return label === undefined ? institution : `${institution} (${label})`
}

const stepLabels: Readonly<Record<string, string>> = {
  start_reauth: 'Re-authenticate',
  connect_bank: 'Connect again',
}

/** For the next step of a connection, where there is one that a person can take here. */
export function repairButton(row: Repairable, { mayChange }: Viewer): Html {
  const { tool = '', arguments: args = {} } = row.next_step ?? {}
  // Once what the bank asks for is done there; during an outage the tool says that one has to wait.
  const isAtBank = row.status === 'bank_issue' && tool === ''
  const label = isAtBank ? 'Log in again' : stepLabels[tool]
  if (!mayChange || label === undefined) return html``
  const what = isAtBank
    ? { tool: 'start_reauth', arguments: { item_id: row.item_id } }
    : { tool, arguments: args }
  return html`<div class="buttons">${button({ label, ...what, look: 'primary', about: nameOf(row) })}</div>`
}

type Repairable = Pick<Row, 'item_id' | 'institution' | 'label' | 'status' | 'next_step'>

function endingOf(row: Row, { mayChange }: Viewer): Html {
  if (!mayChange || row.status === 'removing') return html``
  const args = { item_id: row.item_id }
  const ending = { label: 'Disconnect', tool: 'revoke_connection', arguments: args, about: nameOf(row) }
  return html`<div class="buttons end">${button({ ...ending, look: 'danger' })}</div>`
}

function agesOf({ last_synced_at: fetched, last_checked_at: checked, data_as_of: data }: Row, now: number) {
  const told = [
    ['fetched', fetched],
    ['login checked', checked],
    ['the bank’s data', data],
  ] as const
  return told.map(
    ([what, time], index) =>
      html`${index === 0 ? '' : ' · '}${what}
        ${moment(time, age(time, now))}`,
  )
}

function accountsTable(row: Row): Html {
  return table(
    `Accounts at ${nameOf(row)}`,
    ['Account', 'Kind', '#Balance'],
    row.accounts.map((account) => [
      account.mask === undefined ? account.name : `${account.name} ••${account.mask}`,
      `${account.subtype ?? account.type}${account.same_as === undefined ? '' : ' (counted elsewhere)'}`,
      money(account.current ?? account.available, account.currency),
    ]),
  )
}
