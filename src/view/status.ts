import { html } from 'hono/html'
import type { Status } from '../model.ts'
import type { Html } from './html.ts'

/** How a person reads each status, and how loud it is. */
const words: Readonly<Record<Status, readonly [text: string, look: 'good' | 'waiting' | 'amber' | 'over']>> =
  {
    active: ['Works', 'good'],
    preparing: ['Being fetched', 'waiting'],
    expiring: ['Expires soon', 'amber'],
    needs_reauth: ['Needs a new login', 'amber'],
    bank_issue: ['Bank does not answer', 'amber'],
    expired: ['Over', 'over'],
    revoked: ['Permission taken back', 'over'],
    removing: ['Being removed', 'waiting'],
  }

/** @param deadline of one that is expiring */
export function badge(status: Status, deadline?: string): Html {
  const [text, look] = words[status]
  const until =
    status === 'expiring' && deadline !== undefined ? `Works until ${deadline.slice(0, 10)}` : text
  return html`<span class="badge ${look}">${until}</span>`
}
