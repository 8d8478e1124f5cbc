import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { mayBeShown } from '../browser.ts'
import { CofferError, sentencesOf } from '../errors.ts'
import { checkConnection } from '../tools/check-connection.ts'
import { listConnections } from '../tools/list-connections.ts'
import { explain } from '../tools/run.ts'
import { connectionsView } from '../view/connections.ts'
import type { Html } from '../view/html.ts'
import { linkView } from '../view/link.ts'
import { createActions } from './actions.ts'
import { admit, behindDoor } from './door.ts'
import type { PageDeps } from './index.ts'
import { enterPage, failureView, homeHeaders, homePage, messagePage, type Place } from './layout.ts'
import { liveScript } from './live-script.ts'
import type { Session } from './sessions.ts'
import { show } from './show.ts'
import { type CallTool, toolCaller } from './tools.ts'

const connectionsPlace = { path: '/connections', title: 'Connections' }
const places: readonly Place[] = [connectionsPlace]
const mostBytes = 16_384
const usedUp = {
  title: 'This link is used up',
  text: 'It opens the pages once, and within ten minutes. For another one run\ncoffer-mcp open',
}

type Content = (c: Context) => Promise<Html>

/** The pages behind the door: what the tools tell, for a person, with a button for what is to be done. */
export function homeRoutes(deps: PageDeps): Hono {
  const app = new Hono()
  const call = toolCaller(deps.core, deps.log)
  const { sessions, log } = deps

  app.get('/enter/:ticket', (c) => {
    // Whoever only looks ahead, as programs do with a link, uses nothing up.
    const key = c.req.method === 'GET' ? sessions.enter(c.req.param('ticket')) : null
    if (key === null) return show(c, 410, messagePage(usedUp))
    admit(c, key)
    return show(c, 200, enterPage(connectionsPlace.path))
  })
  app.get('/live.js', (c) =>
    c.body(liveScript, 200, { ...homeHeaders, 'content-type': 'text/javascript; charset=utf-8' }),
  )
  app.get(
    '/',
    behindDoor(sessions, (c) => c.redirect(connectionsPlace.path, 303)),
  )
  app.get(
    '/version',
    behindDoor(sessions, async (c) => c.text(await deps.store.version(), 200, homeHeaders)),
  )

  const page = (place: Place, content: Content) =>
    behindDoor(sessions, async (c, session) => await showPage(c, place, content, { session, log }))
  app.get('/connections', page(connectionsPlace, connectionsContent(deps, call)))
  app.get('/links/:linkId', page({ path: '', title: 'Log in at your bank' }, linkContent(deps, call)))

  const act = behindDoor(sessions, async (c, session) => {
    const { to, notice } = await acted(c, deps, call)
    session.notice = notice
    return c.redirect(to, 303)
  })
  app.post('/call/:tool', bodyLimit({ maxSize: mostBytes }), act)
  return app
}

async function showPage(
  c: Context,
  place: Place,
  content: Content,
  { session, log }: { readonly session: Session } & Pick<PageDeps, 'log'>,
) {
  const made = await content(c).catch((error: unknown) => failureView(explain(error, 'pages', log)))
  const { notice } = session
  // What the script asks for is the same page once more: what was to be said stands there already.
  if (c.req.header('sec-fetch-dest') !== 'empty') session.notice = null
  return await show(c, 200, homePage(place, { places, content: made, notice }), homeHeaders)
}

function connectionsContent({ core, now }: PageDeps, call: CallTool): Content {
  return async (c) => {
    const listed = await call(listConnections, { limit: 100 }, c.req.raw.signal)
    return connectionsView(listed, { now: now(), mayChange: !core().readOnly })
  }
}

function linkContent({ core, store }: PageDeps, call: CallTool): Content {
  return async (c) => {
    const linkId = c.req.param('linkId') ?? ''
    const checked = await call(checkConnection, { link_id: linkId }, c.req.raw.signal)
    const { links, watcher } = core().connections
    const link = await store.links.find(linkId)
    const url = link === null ? null : await links.pageOf(link)
    const problem = watcher.problemOf(linkId)
    return linkView({
      linkId,
      checked,
      url: url !== null && mayBeShown(url) ? url.open() : null,
      problem: problem === null ? null : sentencesOf(problem),
    })
  }
}

/** What a button asked for, done; a failure leads back with what is to be said of it. */
async function acted(c: Context, deps: PageDeps, call: CallTool) {
  const tool = c.req.param('tool') ?? ''
  try {
    const action = createActions(deps, call).get(tool)
    if (action === undefined) throw new CofferError('UNKNOWN_TOOL', 'There is no such button.')
    return await action(argumentsOf(await c.req.parseBody()), c.req.raw.signal)
  } catch (error) {
    return { to: connectionsPlace.path, notice: sentencesOf(explain(error, tool, deps.log)) }
  }
}

function argumentsOf({ arguments: text }: Record<string, unknown>): object {
  const args: unknown = typeof text === 'string' && text.startsWith('{') ? JSON.parse(text) : null
  if (typeof args === 'object' && args !== null) return args
  throw new CofferError('INVALID_ARGUMENTS', 'This did not come from a button of this page.')
}
