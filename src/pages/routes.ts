import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { confirmation } from './confirm.ts'
import { doorbell } from './done.ts'
import { isOwnForm, sessionOf } from './door.ts'
import { homeRoutes, start } from './home.ts'
import type { PageDeps } from './index.ts'
import { formHeaders, messagePage } from './layout.ts'
import { metricRoutes } from './metrics.ts'
import { show } from './show.ts'

const confirmPath = '/confirm/:token'
const mostBytes = 1024

/** What this machine's browser can see at `port`. Nothing that was asked is ever shown back. */
export function pageRoutes(deps: PageDeps, port: number): Hono {
  const app = new Hono()
  const ring = doorbell(deps)
  const confirm = confirmation(deps)
  const hosts = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host)

  app.use(async (c, next) => {
    // A web page whose name was made to point here must not get through.
    if (!hosts.includes(c.req.header('host') ?? '')) return show(c, 403, messagePage(strangers))
    return await next()
  })

  app.get('/done/:linkId', async (c) => {
    await ring(c.req.param('linkId'))
    return show(c, 200, messagePage(done))
  })

  app.get(confirmPath, async (c) => {
    deps.arrived(c.req.path)
    const { status, page } = await confirm.ask(c.req.param('token'))
    return show(c, status, page, formHeaders)
  })
  const tooLarge = (c: Context) => show(c, 413, messagePage(notOurs))
  app.post(confirmPath, bodyLimit({ maxSize: mostBytes, onError: tooLarge }), async (c) => {
    const { answer } = isOwnForm(c)
      ? await c.req.parseBody().catch(() => ({ answer: null }))
      : { answer: null }
    if (answer !== 'yes' && answer !== 'no') return show(c, 403, messagePage(notOurs))
    const { status, message } = await confirm.answer(c.req.param('token'), answer === 'yes')
    const isInside = sessionOf(c, deps.sessions) !== null
    return show(c, status, messagePage(message, isInside ? start : null))
  })

  app.route('/', homeRoutes(deps))
  if (deps.metrics) app.route('/', metricRoutes(deps))

  app.all('*', async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return await next()
    c.header('allow', 'GET, HEAD')
    return show(c, 405, messagePage(onlyReading))
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
  text: 'This page knows nothing of your login. Coffer is asking Plaid now how it went, and the chat, the terminal or the page that gave you the link will say so. You can close this window.',
}
const strangers = { title: 'Only for this computer', text: 'This address is not one of its own.' }
const onlyReading = { title: 'Nothing can be sent here', text: 'This page can only be looked at.' }
const notOurs = { title: 'Nothing was done', text: 'This answer did not come from the page that asks.' }
const nothingHere = { title: 'There is no such page', text: 'You can close this window.' }
const broken = { title: 'Something broke here', text: 'You can go back to the chat and ask there.' }
