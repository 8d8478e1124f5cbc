import { html } from 'hono/html'
import type { Html } from './html.ts'
import { type Cell, type Column, table } from './table.ts'

/** What stands beside a drawing for whoever does not see it: what it shows in a sentence, and every figure of it. */
export interface Told {
  readonly title: string
  readonly summary: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

interface Labels {
  /** At its upper and lower edge. */
  readonly top: string
  readonly bottom: string
  /** Below it, evenly spaced. */
  readonly along: readonly string[]
  readonly legend?: readonly string[]
}

const [width, height] = [600, 180]

/** A line through values, each at its place from 0 to 1; hollow points are of days on which a bank was missing. */
export function lineChart(
  points: readonly { readonly at: number; readonly value: number; readonly whole: boolean }[],
  told: Told,
  labels: Labels,
): Html {
  const scale = scaleOf(points.map(({ value }) => value))
  const places = points.map(({ at, value, whole }) => ({ x: at * width, y: scale.y(value), whole }))
  const path = places.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ')
  const dots = places.filter(({ whole }) => !whole).map(({ x, y }) => dot(x, y))
  return figure(html`${zeroLine(scale)}<polyline class="line" points="${path}" />${dots}`, told, labels)
}

/** Columns side by side for each of several times; each column of a time has a colour of its own. */
export function columnChart(groups: readonly (readonly number[])[], told: Told, labels: Labels): Html {
  const scale = scaleOf([0, ...groups.flat()])
  const [each, filled, thickest] = [width / groups.length, 0.6, 60]
  const bars = groups.flatMap((values, group) => {
    const thick = Math.min((each * filled) / values.length, thickest)
    const start = each * (group + 0.5) - (thick * values.length) / 2
    return values.map((value, index) => bar(scale, value, { x: start + thick * index, thick, look: index }))
  })
  return figure(html`${zeroLine(scale)}${bars}`, told, labels)
}

/** How much of a whole, as a bar in a line of text. It is said in numbers beside. */
export function shareBar(share: number): Html {
  const part = round(Math.min(1, Math.max(0, share)) * 100)
  return html`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rest" width="100" height="10" />
    <rect class="c0" width="${part}" height="10" />
  </svg>`
}

interface Scale {
  readonly y: (value: number) => number
  readonly zero: number | null
}

function scaleOf(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const [margin, range] = [8, high - low || 1]
  const y = (value: number) => margin + ((high - value) / range) * (height - 2 * margin)
  return { y, zero: low <= 0 && high >= 0 ? y(0) : null }
}

function zeroLine({ zero }: Scale): Html {
  if (zero === null) return html``
  return html`<line class="zero" x1="0" x2="${width}" y1="${round(zero)}" y2="${round(zero)}" />`
}

function bar(
  scale: Scale,
  value: number,
  { x, thick, look }: { x: number; thick: number; look: number },
): Html {
  const [from, to] = [scale.y(Math.max(0, value)), scale.y(Math.min(0, value))]
  return html`<rect class="c${look}" x="${round(x)}" y="${round(from)}" width="${round(thick)}" height="${round(to - from)}" />`
}

/** Drawings are stretched to the width that there is, and a circle would become an egg: a line without length does not. */
function dot(x: number, y: number): Html {
  const place = `M${round(x)} ${round(y)}h0`
  return html`<path class="dot" d="${place}" /><path class="hole" d="${place}" />`
}

function figure(drawing: Html, { title, summary, columns, rows }: Told, labels: Labels): Html {
  const legend = labels.legend?.map((text, index) => html`<li class="k${index}">${text}</li>`)
  return html`<figure class="chart">
    <figcaption>${title}${legend === undefined ? '' : html`<ul>${legend}</ul>`}</figcaption>
    <div class="edge" aria-hidden="true">${labels.top}</div>
    <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${summary}">
      ${drawing}
    </svg>
    <div class="edge" aria-hidden="true">${labels.bottom}</div>
    <div class="${labels.legend === undefined ? 'along ends' : 'along'}" aria-hidden="true">${labels.along.map((text) => html`<span>${text}</span>`)}</div>
    <details>
      <summary>${title}: the figures</summary>
      ${table(summary, columns, rows)}
    </details>
  </figure>`
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}
