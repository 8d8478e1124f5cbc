import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'

export type Html = ReturnType<typeof html>

const css = `:root{color-scheme:light dark}
body{font:1.125rem/1.6 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:15vh 1.25rem 2rem;color:#1b1f24;background:#fff;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}
p{white-space:pre-line}
button{font:inherit;display:block;width:100%;margin:.75rem 0;padding:.7rem 1rem;border:1px solid currentColor;border-radius:.4rem;color:inherit;background:none;cursor:pointer}
button:focus-visible{outline:3px solid #0969da;outline-offset:2px}
.danger{color:#fff;background:#b3261e;border-color:#b3261e}
@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#14181d}}`

const styleHash = createHash('sha256').update(css).digest('base64')

/** No script, nothing from elsewhere, in nobody's frame; a form, where there is one, goes nowhere but here. */
const policy = (form: 'none' | 'self') =>
  [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
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
/** For a page to be looked at. */
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

export function messagePage({ title, text }: { title: string; text: string }): Html {
  return layout(title, html`<p>${text}</p>`)
}

/** A question with a button for each answer; the form goes to the page's own address. */
export function questionPage(question: { title: string; text: string; yes: string; no: string }): Html {
  return layout(
    question.title,
    html`<p>${question.text}</p>
      <form method="post">
        <button class="danger" name="answer" value="yes">${question.yes}</button>
        <button name="answer" value="no">${question.no}</button>
      </form>`,
  )
}

function layout(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Coffer</title>
        <style>${raw(css)}</style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`
}
