import { type Context, Hono } from 'hono'
import type { PagesDeps } from './index.ts'
import { doorbell } from './done.ts'
import { type Html, messagePage, policy } from './layout.ts'

type Status = 200 | 403 | 404 | 405 | 500

/** What this machine's browser can see at `port`. Nothing that was asked is ever shown back. */
export function pageRoutes(deps: PagesDeps, port: number): Hono {
  const app = new Hono()
  const ring = doorbell(deps)
  const hosts = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host)

  app.use(async (c, next) => {
    // A web page whose name was made to point here must not get through.
    if (!hosts.includes(c.req.header('host') ?? '')) return show(c, 403, messagePage(strangers))
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return await next()
    c.header('allow', 'GET, HEAD')
    return show(c, 405, messagePage(onlyReading))
  })

  app.get('/done/:linkId', async (c) => {
    await ring(c.req.param('linkId'))
    return show(c, 200, messagePage(done))
  })

  app.notFound((c) => show(c, 404, messagePage(nothingHere)))
  app.onError((error, c) => {
    deps.log.error('pages.broke', { name: error.name })
    return show(c, 500, messagePage(broken))
  })
  return app
}

const done = {
  title: 'You can go back to the chat',
  text: 'This page knows nothing of your login. Coffer is asking Plaid now how it went, and the chat or the terminal that gave you the link will say so. You can close this window.',
}
const strangers = { title: 'Only for this computer', text: 'This address is not one of its own.' }
const onlyReading = { title: 'Nothing can be sent here', text: 'This page can only be looked at.' }
const nothingHere = { title: 'There is no such page', text: 'You can close this window.' }
const broken = { title: 'Something broke here', text: 'You can go back to the chat and ask there.' }

function show(c: Context, status: Status, content: Html) {
  c.header('content-security-policy', policy)
  c.header('cache-control', 'no-store')
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
  c.header('cross-origin-opener-policy', 'same-origin')
  c.header('cross-origin-resource-policy', 'same-origin')
  return c.html(content, status)
}
