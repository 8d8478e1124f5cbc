import { html } from 'hono/html'
import type { Html } from './html.ts'

/** A title; one that begins with # is over numbers, with ~ before it is not shown where there is little room. */
export type Column = string
export type Cell = string | number | Html

/** Named by its caption, each row by its first cell; where it is too wide for a phone it moves by itself, by keyboard too. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((title) => html`<th scope="col" class="${classOf(title)}">${title.replace(/^~?#?/, '')}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowOf(row, columns))}
      </tbody>
    </table>
  </div>`
}

/** A day of the calendar, in one piece. */
export function day(date: string): Html {
  return html`<time datetime="${date}">${date}</time>`
}

function rowOf(cells: readonly Cell[], columns: readonly Column[]): Html {
  const made = cells.map((cell, index) => {
    const look = classOf(columns[index] ?? '')
    return index === 0
      ? html`<th scope="row" class="${look}">${cell}</th>`
      : html`<td class="${look}">${cell}</td>`
  })
  return html`<tr>
    ${made}
  </tr>`
}

function classOf(title: Column): string {
  const look = /^~?#/.test(title) ? 'number' : 'text'
  return title.startsWith('~') ? `${look} minor` : look
}
