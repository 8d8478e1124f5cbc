import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import {
  answerToChallenge,
  challengeAnswerHeader,
  challengeHeader,
  isChallenge,
} from '../webhook-challenge.ts'
import { webhookPath } from '../webhook-path.ts'
import { readBody } from './body.ts'
import { isOurHost, isPlainJson, onlyHeader, singleHeader } from './headers.ts'
import type { Receive } from './receiver.ts'
import type { HasRoom } from './room.ts'
import type { Tally } from './tally.ts'

export interface AppParts {
  readonly receive: Receive
  readonly hasRoom: HasRoom
  readonly tally: Tally
  readonly webhookUrl: string | null
  readonly databaseId: string
}

export type ListenerApp = Hono<{ Bindings: HttpBindings }>
type Call = Context<{ Bindings: HttpBindings }>
type Status = 200 | 400 | 401 | 403 | 404 | 405 | 413 | 415 | 503

/** What every answer carries, whatever it says. */
export const answerHeaders = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** What may be said to the listener over HTTP: one path, one method, plain JSON of bounded size. */
export function createApp({ receive, hasRoom, tally, webhookUrl, databaseId }: AppParts): ListenerApp {
  // The path as it was sent: another spelling of ours is another path.
  const app: ListenerApp = new Hono({ getPath: (_request, options) => rawPath(options) })
  const publicName = webhookUrl === null ? null : new URL(webhookUrl).hostname
  const refuse = (c: Call, status: Status, why: string) => {
    tally.refused(status, why)
    return answer(c, status)
  }

  app.use(async (c, next) => {
    const { rawHeaders } = c.env.incoming
    if (!isOurHost(rawHeaders, publicName)) return refuse(c, 403, 'host')
    // Plaid is no browser, and no web page has any business here.
    if (onlyHeader(rawHeaders, 'origin') !== null) return refuse(c, 403, 'origin')
    const challenge = singleHeader(rawHeaders, challengeHeader) ?? ''
    if (isChallenge(challenge)) c.header(challengeAnswerHeader, answerToChallenge(databaseId, challenge))
    return await next()
  })
  app.post(webhookPath, async (c) => {
    const { incoming } = c.env
    if (!isPlainJson(incoming.rawHeaders)) return refuse(c, 415, 'media_type')
    if (!hasRoom(incoming.rawHeaders)) return refuse(c, 503, 'crowded')
    const body = await readBody(incoming)
    if (body === 'too_large') return refuse(c, 413, body)
    if (body === 'broken_off') return refuse(c, 400, body)
    return answer(c, await receive({ rawHeaders: incoming.rawHeaders, body }))
  })
  app.all(webhookPath, (c) => {
    c.header('allow', 'POST')
    return refuse(c, 405, 'method')
  })
  app.notFound((c) => refuse(c, 404, 'path'))
  app.onError((_error, c) => refuse(c, 503, 'fault'))
  return app
}

function rawPath(options: { env?: Partial<HttpBindings> | undefined } | undefined): string {
  return options?.env?.incoming?.url?.split('?', 1)[0] ?? '/'
}

function answer(c: Call, status: Status): Response {
  return c.body(status === 200 ? 'ok' : 'no', status, answerHeaders)
}
