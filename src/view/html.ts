import { html } from 'hono/html'
import { plain } from './plain.ts'

/** Finished HTML. What strangers wrote is escaped where it is put in. */
export type Html = ReturnType<typeof html>

/** What the one who looks may do, and when. */
export interface Viewer {
  /** ms since 1970 */
  readonly now: number
  /** False with COFFER_READ_ONLY: there are no buttons that change something. */
  readonly mayChange: boolean
}

/** A button calls one tool, on the local pages through a form and in a host of MCP through the host. */
export interface Button {
  readonly label: string
  readonly tool: string
  readonly arguments: object
  readonly look?: 'primary' | 'danger'
  /** What the button is about, for whoever does not see where it stands. */
  readonly about?: string
}

export function button({ label, tool, arguments: args, look, about }: Button): Html {
  const json = JSON.stringify(args)
  return html`<form method="post" action="/call/${tool}">
    <input type="hidden" name="arguments" value="${json}" />
    <button class="${look ?? 'plain'}" data-tool="${tool}" data-arguments="${json}" id="${idOf(tool, json)}">
      ${label}${about === undefined ? '' : html`<span class="unseen"> ${about}</span>`}
    </button>
  </form>`
}

/** The same for the same button, so that it keeps the focus when the page is made anew. */
function idOf(tool: string, json: string): string {
  return `${tool}-${json.replaceAll(/\W+/g, '-')}`
}

/** Notes of tools, which may name an open matter each. */
export function notes(told: readonly string[], title: string): Html {
  const texts = told.map(plain).filter((text) => text !== '')
  if (texts.length === 0) return html``
  return html`<section aria-label="${title}" class="notes">
    <ul>
      ${texts.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`
}
