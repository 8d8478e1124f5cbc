import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { sentencesOf } from '../errors.ts'
import type { Html } from '../view/html.ts'
import { plain } from '../view/plain.ts'
import { css } from '../view/style.ts'

const styleHash = createHash('sha256').update(css).digest('base64')

/** Nothing from elsewhere, in nobody's frame; a form, where there is one, goes nowhere but here. */
const policy = (form: 'none' | 'self', more: readonly string[] = []) =>
  [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    ...more,
    `form-action '${form}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** For a page to be looked at; without any script. */
export const pageHeaders = {
  ...always,
  'content-security-policy': policy('none'),
  'referrer-policy': 'no-referrer',
}

/** For one with a form: without a referrer the browser would not say that the form is of this very page. */
export const formHeaders = {
  ...always,
  'content-security-policy': policy('self'),
  'referrer-policy': 'same-origin',
}

/** For the pages behind the door: with the one script of ours, which asks this very server alone. */
export const homeHeaders = {
  ...formHeaders,
  'content-security-policy': policy('self', ["script-src 'self'", "connect-src 'self'", 'img-src data:']),
}

export interface Message {
  readonly title: string
  readonly text: string
}

/** @param back for who has the pages open besides: where they go on */
export function messagePage({ title, text }: Message, back: string | null = null): Html {
  const onward = back === null ? '' : html`<p><a href="${back}">Back to the pages</a></p>`
  return letter(title, html`<p>${text}</p>${onward}`)
}

/** A question with a button for each answer; the form goes to the page's own address. */
export function questionPage(question: { title: string; text: string; yes: string; no: string }): Html {
  return letter(
    question.title,
    html`<p>${question.text}</p>
      <form method="post">
        <button class="danger" name="answer" value="yes">${question.yes}</button>
        <button name="answer" value="no">${question.no}</button>
      </form>`,
  )
}

/** The browser has what lets it in, and goes on by itself: from a page of ours, so that it shows what it has. */
export function enterPage(to: string): Html {
  const title = 'Opening Coffer'
  const onward = html`<meta http-equiv="refresh" content="0;url=${to}" />`
  return document(
    title,
    onward,
    html`<main class="letter"><h1>${title}</h1><p><a href="${to}">Go on</a></p></main>`,
  )
}

/** In the place of what could not be made. */
export function failureView(failure: { readonly message: string; readonly fix?: string | undefined }): Html {
  return html`<p class="step" role="alert">${plain(sentencesOf(failure))}</p>`
}

/** A chest. Without an icon of ours a browser asks for one, and complains of the policy that refuses it. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0969da" d="M1 7a4 4 0 0 1 4-4h6a4 4 0 0 1 4 4v6H1z"/><path fill="#fff" d="M1 7h5v2h4V7h5v1h-4v2H5V8H1z"/></svg>',
)}`

export interface Place {
  readonly path: string
  readonly title: string
}

/** A page behind the door. `notice` is what came of the last button, if anything is to be said. */
export function homePage(
  { path, title }: Place,
  { places, content, notice }: { places: readonly Place[]; content: Html; notice: string | null },
): Html {
  const links = places.map(
    (place) =>
      html`<li>
        <a href="${place.path}"${place.path === path ? raw(' aria-current="page"') : ''}>${place.title}</a>
      </li>`,
  )
  return document(
    title,
    html`<link rel="icon" href="${icon}" />
      <script src="/live.js" defer></script>`,
    html`<a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <strong>Coffer</strong>
        <nav aria-label="Pages">
          <ul>
            ${links}
          </ul>
        </nav>
      </header>
      ${notice === null ? '' : html`<aside aria-label="What came of it"><p class="notice" role="status">${notice}</p></aside>`}
      <main id="main" tabindex="-1" data-live>
        <h1>${title}</h1>
        ${content}
      </main>
      <p class="unseen" role="status" id="news"></p>`,
  )
}

function letter(title: string, content: Html): Html {
  return document(
    title,
    html``,
    html`<main class="letter">
      <h1>${title}</h1>
      ${content}
    </main>`,
  )
}

function document(title: string, head: Html, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Coffer</title>
        <style>${raw(css)}</style>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`
}
