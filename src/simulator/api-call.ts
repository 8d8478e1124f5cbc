import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Call } from './controls.ts'
import type { Endpoint } from './endpoint.ts'
import { PlaidFailure, plaidFailure } from './failure.ts'
import { answerWith, type FaultQueue } from './faults.ts'
import type { Limiter } from './limits.ts'
import { isRecord, type RequestBody } from './request.ts'
import type { World } from './world.ts'

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly path: string
  readonly request: unknown
  readonly status: number
  readonly response: unknown
}

export interface ApiParts {
  readonly world: World
  readonly faults: FaultQueue
  readonly limiter: Limiter
  readonly record: (call: Call) => void
  /** Called before an answer is given. */
  readonly save: () => void
  readonly onExchange: (exchange: Exchange) => void
}

export type ApiContext = Context<{ Bindings: HttpBindings }>

/** Answers one call of Plaid's API: the work or its refusal, spoiled by a fault if one waits for it. */
export async function answerCall(parts: ApiParts, c: ApiContext, endpoint: Endpoint): Promise<Response> {
  const { world, faults } = parts
  const body = await bodyOf(c)
  const itemId = itemIdOf(world, body)
  const fault = faults.take(endpoint.path, itemId)
  const work = async () => {
    const result = await attempt(world, () => {
      if (fault?.kind === 'error') throw plaidFailure(fault.code)
      return worked(parts, c, endpoint, { body, itemId })
    })
    parts.save()
    report(parts, endpoint.path, { body, itemId }, result)
    return result.response
  }
  return answerWith(fault, work, c.env.outgoing)
}

/** A refusal outside any endpoint. */
export function refused(world: World, failure: PlaidFailure): Response {
  return answered(world, failure.status, failure.body).response
}

interface Received {
  /** Undefined where there was no JSON. */
  readonly body: unknown
  readonly itemId: string | null
}

interface Result {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly response: Response
}

async function attempt(world: World, work: () => object | Promise<object>): Promise<Result> {
  try {
    return answered(world, 200, await work())
  } catch (error) {
    if (error instanceof PlaidFailure) return answered(world, error.status, error.body)
    throw error
  }
}

function worked(parts: ApiParts, c: ApiContext, endpoint: Endpoint, { body, itemId }: Received) {
  const { world, limiter } = parts
  if (!isRecord(body) || Array.isArray(body)) throw plaidFailure('INVALID_BODY')
  const rest = withoutCredentials(c, world, endpoint.path, body)
  const isProduction = world.environment === 'production'
  if (isProduction && endpoint.path.startsWith('/sandbox/')) throw plaidFailure('SANDBOX_ONLY')

  const column = isProduction || world.state.settings.productionLimits ? 'production' : 'sandbox'
  limiter.count(endpoint.path, itemId, column)
  return endpoint.answer(rest, world)
}

function answered(world: World, status: number, content: object): Result {
  const body = { ...content, request_id: world.newRequestId() }
  const headers = { 'content-type': 'application/json; charset=utf-8', 'plaid-version': '2020-09-14' }
  return { status, body, response: new Response(JSON.stringify(body, null, 2), { status, headers }) }
}

function report(parts: ApiParts, path: string, { body: request, itemId }: Received, result: Result): void {
  const { status, body } = result
  const code = body['error_code']
  const errorCode = typeof code === 'string' ? code : null
  parts.record({ path, itemId, at: parts.world.now(), status, errorCode })
  parts.onExchange({ path, request, status, response: body })
}

async function bodyOf(c: ApiContext): Promise<unknown> {
  if (c.req.header('content-type')?.startsWith('application/json') !== true) return undefined
  try {
    return await c.req.json()
  } catch {
    return undefined
  }
}

/** The rest of the body, after the keys in it or in the headers have been found right. */
function withoutCredentials(c: ApiContext, world: World, path: string, body: RequestBody): RequestBody {
  const { client_id, secret, ...rest } = body
  const clientId = client_id ?? c.req.header('plaid-client-id')
  const given = secret ?? c.req.header('plaid-secret')
  const isKnown = clientId === world.state.clientId && given === world.state.secret
  // The list of categories is the one thing that Plaid tells anybody.
  if (!isKnown && path !== '/categories/get') throw plaidFailure('INVALID_API_KEYS')
  return rest
}

function itemIdOf(world: World, body: unknown): string | null {
  const token = isRecord(body) ? body['access_token'] : undefined
  return typeof token === 'string' ? (world.state.accessTokens[token] ?? null) : null
}
