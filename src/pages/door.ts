import type { Context, Handler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Secret } from '../secret.ts'
import { messagePage } from './layout.ts'
import type { Session, Sessions } from './sessions.ts'
import { show } from './show.ts'

const cookieSeconds = 12 * 60 * 60

/**
 * Only for a browser that came by `coffer-mcp open`, and only for what its own page asks: a page of another server
 * on this machine is of the same site, and has its cookies sent along.
 */
export function behindDoor(
  sessions: Sessions,
  handle: (c: Context, session: Session) => Response | Promise<Response>,
): Handler {
  return async (c) => {
    const session = sessionOf(c, sessions)
    if (session === null) return show(c, 401, messagePage(closed))
    if (!isOurs(c)) return show(c, 403, messagePage(foreign))
    return await handle(c, session)
  }
}

export function sessionOf(c: Context, sessions: Sessions): Session | null {
  const key = getCookie(c, cookieOf(c))
  return key === undefined ? null : sessions.find(key)
}

/** A browser sends its cookies to every port of a machine: two copies that are open are not to overwrite each other's. */
function cookieOf(c: Context): string {
  return `coffer-${new URL(`http://${c.req.header('host')}`).port}`
}

/** Without Secure, since the pages are on loopback and speak plain HTTP. */
export function admit(c: Context, key: Secret): void {
  setCookie(c, cookieOf(c), key.open(), {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: cookieSeconds,
  })
}

/**
 * To look: our own page, or a person who follows a link or types the address, where nobody else can read what comes of
 * it. To have something done: our own page alone.
 */
function isOurs(c: Context): boolean {
  const { method } = c.req
  if (method !== 'GET' && method !== 'HEAD') return isOwnForm(c)
  const isOwn = [undefined, ownOrigin(c)].includes(c.req.header('origin')) && isSentFromHere(c)
  return isOwn || isNavigation(c)
}

/** A form of ours, and not one that another page in the same browser sent: each browser says whose it is. */
export function isOwnForm(c: Context): boolean {
  return c.req.header('origin') === ownOrigin(c) && isSentFromHere(c)
}

function ownOrigin(c: Context): string {
  return `http://${c.req.header('host')}`
}

/** Some browsers do not tell. */
function isSentFromHere(c: Context): boolean {
  return [undefined, 'same-origin'].includes(c.req.header('sec-fetch-site'))
}

function isNavigation(c: Context): boolean {
  const isTyped = c.req.header('sec-fetch-site') === 'none'
  return c.req.header('origin') === undefined && (isTyped || c.req.header('sec-fetch-mode') === 'navigate')
}

const closed = {
  title: 'This page is closed',
  text: `It is opened by a command, and by each of its links once:\ncoffer-mcp open\n\nYour pages stay open until that command ends, for twelve hours at most.`,
}
const foreign = { title: 'Nothing was done', text: 'This did not come from a page of Coffer’s.' }
