import { html } from 'hono/html'
import type { z } from 'zod'
import type { checkConnection } from '../tools/check-connection.ts'
import { button, type Html } from './html.ts'

export type Checked = z.output<typeof checkConnection.output>

export interface LinkPage {
  readonly linkId: string
  readonly checked: Checked
  /** The bank's login at Plaid; null once there is nothing to be done on it. */
  readonly url: string | null
  /** What keeps Plaid from being asked how it went. */
  readonly problem: string | null
}

/** How a link goes, for the person who is to log in by it. */
export function linkView({ linkId, checked, url, problem }: LinkPage): Html {
  const bank = checked.connection?.institution ?? 'your bank'
  const isOpen = checked.outcome === 'pending' || checked.outcome === 'exited'
  return html`<p class="lead" data-news>${textOf(checked, bank)}</p>
    ${problem === null ? '' : html`<p class="step">${problem}</p>`}
    ${
      isOpen && url !== null
        ? html`<p>
          <a class="button" id="login" href="${url}" target="_blank" rel="noopener noreferrer"
            >Log in at ${bank}<span class="unseen"> (opens a new window)</span></a
          >
        </p>`
        : ''
    }
    <div class="buttons">${furtherButton(linkId, checked)}</div>
    <p><a href="/connections">All connections</a></p>`
}

function textOf({ outcome, next_step: step }: Checked, bank: string): string {
  switch (outcome) {
    case 'pending':
      return 'The login is on a page of Plaid’s that opens in a window of its own. When it is done this page says so by itself.'
    case 'exited':
      return 'The page was left before the end. It can be opened again.'
    case 'repaired':
      return `${bank} works again; Plaid has confirmed it.`
    case 'connected':
      return `${bank} is connected. Its figures are being fetched.`
    case 'duplicate':
      return 'This login is connected already, so nothing new was made.'
    case 'link_expired':
      return 'This link has expired. A new one can be made.'
    default:
      return step?.text ?? `${bank} is ${outcome}.`
  }
}

function furtherButton(linkId: string, { outcome, next_step: step }: Checked): Html {
  if (outcome === 'duplicate') {
    const keep = { link_id: linkId, keep: true }
    const again = { label: 'Connect it a second time', tool: 'check_connection', arguments: keep }
    return html`<p class="step">
        A second connection is billed like any other, and on a Trial plan takes one more of its places for good.
      </p>
      ${button({ ...again, look: 'danger' })}`
  }
  if (outcome !== 'link_expired' || step?.tool === undefined) return html``
  return button({
    label: 'Make a new link',
    tool: step.tool,
    arguments: step.arguments ?? {},
    look: 'primary',
  })
}
