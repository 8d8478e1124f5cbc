import { html, raw } from 'hono/html'
import { appScript } from './app-script.ts'
import type { Html } from './html.ts'
import { css } from './style.ts'

/**
 * The same views for a host of MCP, which shows this page in a frame and hands it the results of tools. It asks nothing
 * of any network, and holds no figure until the host gives it one.
 */
export function appPage(mayChange: boolean): Html {
  return html`<!doctype html>
    <html lang="en" data-may-change="${String(mayChange)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Coffer</title>
        <style>${raw(css)}</style>
      </head>
      <body class="framed">
        <main>
          <h1 class="unseen">Coffer</h1>
          <div class="notice" role="status" hidden></div>
          <div id="view"><p class="soft" id="waiting">Waiting for the figures.</p></div>
        </main>
        <script>
          ${raw(appScript)}
        </script>
      </body>
    </html>`
}
