import { html } from 'hono/html'
import type { Html } from './html.ts'

/** A title; one that begins with # is over numbers. */
export type Column = string
export type Cell = string | number | Html

/** As many fit beside each other on a phone. */
const fewColumns = 2

/**
 * Named by its caption, each row by its first cell. Where there is little room and there are many columns, the cells of
 * a row stand below each other; the roles say that it is a table all the same. What is still too wide moves by itself,
 * by keyboard too.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Html {
  const look = columns.length > fewColumns ? 'stack' : 'plain'
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
    <table role="table" class="${look}">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((title) => html`<th scope="col" role="columnheader" class="${classOf(title)}">${nameOf(title)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((row) => rowOf(row, columns))}
      </tbody>
    </table>
  </div>`
}

/** A day of the calendar, in one piece. */
export function day(date: string): Html {
  return moment(date, date)
}

/** A time as `said`, in one piece; where there is none, that alone. */
export function moment(time: string | undefined, said: string): Html {
  return time === undefined ? html`${said}` : html`<time datetime="${time}">${said}</time>`
}

function rowOf(cells: readonly Cell[], columns: readonly Column[]): Html {
  const made = cells.map((cell, index) => {
    const title = columns[index] ?? ''
    return index === 0
      ? html`<th scope="row" role="rowheader" class="${classOf(title)}">${cell}</th>`
      : html`<td role="cell" class="${classOf(title)}" data-title="${nameOf(title)}">${cell}</td>`
  })
  return html`<tr role="row">
    ${made}
  </tr>`
}

function nameOf(title: Column): string {
  return title.replace(/^#/, '')
}

function classOf(title: Column): string {
  return title.startsWith('#') ? 'number' : 'text'
}
