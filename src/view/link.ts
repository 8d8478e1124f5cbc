import { html } from 'hono/html'
import type { z } from 'zod'
import type { checkConnection } from '../tools/check-connection.ts'
import { button, type Html } from './html.ts'
import { plain } from './plain.ts'

export type Checked = z.output<typeof checkConnection.output>

export interface LinkPage {
  readonly checked: Checked
  /** The bank's login at Plaid; null once there is nothing to be done on it. */
  readonly url: string | null
  /** What keeps Plaid from being asked how it went. */
  readonly problem: string | null
}

/** How a link goes, for the person who is to log in by it. */
export function linkView({ checked, url, problem }: LinkPage): Html {
  const bank = bankOf(checked)
  const isOpen = checked.outcome === 'pending' || checked.outcome === 'exited'
  return html`<p class="lead" data-news>${outcomeText(checked)}</p>
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
    <div class="buttons">${furtherButton(checked)}</div>
    <p><a href="/connections">All connections</a></p>`
}

function bankOf({ connection }: Checked): string {
  return connection?.institution ?? 'your bank'
}

/** For the person who has logged in, or was to. */
export function outcomeText(checked: Checked): string {
  const { outcome, next_step: step } = checked
  const bank = bankOf(checked)
  switch (outcome) {
    case 'pending':
      return 'The login is on a page of Plaid’s that opens in a window of its own. When it is done this page says so by itself.'
    case 'exited':
      return 'The page was left before the end. It can be opened again.'
    case 'repaired':
      return `${bank} works again. ${plain(step?.text ?? '')}`
    case 'connected':
      return `${bank} is connected. ${plain(step?.text ?? '')}`
    case 'duplicate':
      return 'This login is connected already, so nothing new was made.'
    case 'link_expired':
      return 'This link has expired. A new one can be made.'
    default:
      return step === undefined ? `${bank} is ${outcome}.` : plain(step.text)
  }
}

/** Where one can go on from what came of it. */
export function furtherButton({ outcome, next_step: step }: Checked): Html {
  if (step?.tool === undefined) return html``
  const onward = { tool: step.tool, arguments: step.arguments ?? {} }
  if (outcome === 'link_expired') return button({ label: 'Make a new link', ...onward, look: 'primary' })
  if (outcome !== 'duplicate') return html``
  return html`<p class="step">
      A second connection is billed like any other, and on a Trial plan takes one more of its places for good.
    </p>
    ${button({ label: 'Connect it a second time', ...onward, look: 'danger' })}`
}
