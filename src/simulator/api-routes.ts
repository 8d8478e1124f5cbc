import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { accountEndpoints } from './api/accounts.ts'
import { institutionEndpoints } from './api/institutions.ts'
import { investmentEndpoints } from './api/investments.ts'
import { itemEndpoints } from './api/items.ts'
import { liabilityEndpoints } from './api/liabilities.ts'
import { referenceEndpoints } from './api/reference.ts'
import { sandboxEndpoints } from './api/sandbox.ts'
import { transactionEndpoints } from './api/transactions.ts'
import type { Call } from './controls.ts'
import type { Endpoint } from './endpoint.ts'
import { PlaidFailure, plaidFailure } from './failure.ts'
import { answerWith, type FaultQueue } from './faults.ts'
import { createLimiter } from './limits.ts'
import { linkEndpoints } from './link/tokens.ts'
import { isRecord, type RequestBody } from './request.ts'
import type { World } from './world.ts'

export const endpoints: readonly Endpoint[] = [
  ...linkEndpoints,
  ...itemEndpoints,
  ...accountEndpoints,
  ...transactionEndpoints,
  ...investmentEndpoints,
  ...liabilityEndpoints,
  ...institutionEndpoints,
  ...referenceEndpoints,
  ...sandboxEndpoints,
]

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
  readonly record: (call: Call) => void
  readonly save: () => void
  readonly onExchange: (exchange: Exchange) => void
}

type ApiContext = Context<{ Bindings: HttpBindings }>

const MAX_BODY_BYTES = 1_048_576

/** Plaid's API: POST and JSON only, errors in Plaid's shape, a `request_id` in every answer. */
export function apiRoutes(parts: ApiParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const limiter = createLimiter(() => parts.world.now())
  const tooLarge = () => {
    const { response } = failed(parts.world, plaidFailure('INVALID_BODY'))
    // The rest of the body is never read, so nothing else can come over this connection.
    response.headers.set('connection', 'close')
    return response
  }
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }))
  for (const endpoint of endpoints) app.post(endpoint.path, (c) => answer(c, endpoint))
  app.all('*', () => failed(parts.world, plaidFailure('NOT_FOUND')).response)
  return app

  async function answer(c: ApiContext, endpoint: Endpoint): Promise<Response> {
    const { world, faults } = parts
    const body = await bodyOf(c)
    const itemId = itemIdOf(world, body)
    const done = (result: Result) => {
      parts.save()
      report(parts, endpoint.path, itemId, body, result)
      return result.response
    }
    const work = async () => {
      try {
        return done(await worked(c, endpoint, body, itemId))
      } catch (error) {
        if (error instanceof PlaidFailure) return done(failed(world, error))
        throw error
      }
    }
    try {
      return await answerWith(faults.take(endpoint.path, itemId), work, c.env.outgoing)
    } catch (error) {
      if (error instanceof PlaidFailure) return done(failed(world, error))
      throw error
    }
  }

  async function worked(c: ApiContext, endpoint: Endpoint, body: unknown, itemId: string | null) {
    const { world } = parts
    if (!isRecord(body) || Array.isArray(body)) throw plaidFailure('INVALID_BODY')
    const rest = withoutCredentials(c, world, endpoint.path, body)
    if (world.environment === 'production' && endpoint.path.startsWith('/sandbox/')) {
      throw plaidFailure('SANDBOX_ONLY')
    }
    limiter.count(endpoint.path, itemId, limitColumn(world))
    return answered(world, 200, await endpoint.answer(rest, world))
  }
}

interface Result {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly response: Response
}

function answered(world: World, status: number, content: object): Result {
  const body = { ...content, request_id: world.newRequestId() }
  const headers = { 'content-type': 'application/json; charset=utf-8', 'plaid-version': '2020-09-14' }
  return { status, body, response: new Response(JSON.stringify(body, null, 2), { status, headers }) }
}

function failed(world: World, { status, body }: PlaidFailure): Result {
  return answered(world, status, body)
}

function report(
  parts: ApiParts,
  path: string,
  itemId: string | null,
  request: unknown,
  result: Result,
): void {
  const { status, body } = result
  const code = body['error_code']
  parts.record({
    path,
    itemId,
    at: parts.world.now(),
    status,
    errorCode: typeof code === 'string' ? code : null,
  })
  parts.onExchange({ path, request, status, response: body })
}

/** Undefined where there is no JSON. */
async function bodyOf(c: ApiContext): Promise<unknown> {
  if (c.req.header('content-type')?.startsWith('application/json') !== true) return undefined
  try {
    return await c.req.json()
  } catch {
    return undefined
  }
}

/** The rest of the body, after the keys in it or in the headers have been found right. */
function withoutCredentials(
  c: ApiContext,
  world: World,
  path: string,
  body: Record<string, unknown>,
): RequestBody {
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

function limitColumn({ environment, state }: World) {
  return state.settings.productionLimits || environment === 'production' ? 'production' : 'sandbox'
}
