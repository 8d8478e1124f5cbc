import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { CofferError, sentencesOf } from '../errors.ts'
import { explain } from '../tools/run.ts'
import { plain } from '../view/plain.ts'
import { createActions } from './actions.ts'
import { linkPage, type Page, pages } from './contents.ts'
import { admit, behindDoor } from './door.ts'
import type { PageDeps } from './index.ts'
import { enterPage, failureView, homeHeaders, homePage, messagePage } from './layout.ts'
import { liveScript } from './live-script.ts'
import type { Session } from './sessions.ts'
import { show } from './show.ts'
import { coreOfPages, toolCaller, unnoticed } from './tools.ts'

/** Where the pages begin. */
export const start = '/connections'
const mostBytes = 16_384
const notAButton = { title: 'Nothing was done', text: 'No button of these pages sends so much.' }
const usedUp = {
  title: 'This link is used up',
  text: 'It opens the pages once, and within ten minutes. For another one run\ncoffer-mcp open',
}

/** The pages behind the door: what the tools tell, for a person, with a button for what is to be done. */
export function homeRoutes(deps: PageDeps): Hono {
  const app = new Hono()
  const { sessions } = deps

  app.get('/enter/:ticket', (c) => {
    // Whoever only looks ahead, as programs do with a link, uses nothing up.
    const key = c.req.method === 'GET' ? sessions.enter(c.req.param('ticket')) : null
    if (key === null) return show(c, 410, messagePage(usedUp))
    deps.arrived(c.req.path)
    admit(c, key)
    return show(c, 200, enterPage(start))
  })
  app.get('/live.js', (c) =>
    c.body(liveScript, 200, { ...homeHeaders, 'content-type': 'text/javascript; charset=utf-8' }),
  )
  const behind = (handle: Parameters<typeof behindDoor>[1]) => behindDoor(sessions, handle)
  app.get(
    '/',
    behind((c) => c.redirect(start, 303)),
  )
  app.get(
    '/version',
    behind(async (c) => c.text(await deps.store.version(), 200, homeHeaders)),
  )
  for (const page of [...pages, linkPage])
    app.get(
      page.path,
      behind((c, session) => showPage(c, page, session, deps)),
    )
  const act = behind(async (c, session) => {
    const { to, notice } = await acted(c, deps)
    session.notice = notice
    return c.redirect(to, 303)
  })
  const tooLarge = (c: Context) => show(c, 413, messagePage(notAButton))
  app.post('/call/:tool', bodyLimit({ maxSize: mostBytes, onError: tooLarge }), act)
  return app
}

async function showPage(c: Context, page: Page, session: Session, deps: PageDeps): Promise<Response> {
  const { log, now } = deps
  // Our script asks for the same page once more; what was to be said stands there already.
  const isAgain = c.req.header('sec-fetch-dest') === 'empty'
  const core = isAgain ? unnoticed(deps.core()) : deps.core()
  const call = toolCaller(coreOfPages(core), log, c.req.raw.signal)
  const viewer = { now: now(), mayChange: !core.readOnly }
  const content = await page
    .content({ call, core, viewer, id: c.req.param('id') ?? '' })
    .catch((error: unknown) => failureView(explain(error, 'pages', log)))
  const { notice } = session
  if (!isAgain) session.notice = null
  return await show(c, 200, homePage(page, { places: pages, content, notice }), homeHeaders)
}

/** What a button asked for, done; a failure leads back with what is to be said of it. */
async function acted(c: Context, deps: PageDeps) {
  const tool = c.req.param('tool') ?? ''
  try {
    const call = toolCaller(coreOfPages(deps.core()), deps.log, c.req.raw.signal)
    const action = createActions(deps, call).get(tool)
    if (action === undefined) throw new CofferError('UNKNOWN_TOOL', 'There is no such button.')
    return await action(argumentsOf(await c.req.parseBody()))
  } catch (error) {
    return { to: start, notice: plain(sentencesOf(explain(error, tool, deps.log))) }
  }
}

function argumentsOf({ arguments: text }: Record<string, unknown>): object {
  const args = typeof text === 'string' && text.startsWith('{') ? parsed(text) : null
  if (typeof args === 'object' && args !== null) return args
  throw new CofferError('INVALID_ARGUMENTS', 'This did not come from a button of this page.')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
