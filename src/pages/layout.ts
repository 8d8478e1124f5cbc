import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'

export type Html = ReturnType<typeof html>

const css = `:root{color-scheme:light dark}
body{font:1.125rem/1.6 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:15vh 1.25rem 2rem;color:#1b1f24;background:#fff;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}
@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#14181d}}`

/** No script, no form, nothing from elsewhere, in nobody's frame. */
export const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function messagePage({ title, text }: { title: string; text: string }): Html {
  return layout(title, html`<p>${text}</p>`)
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
