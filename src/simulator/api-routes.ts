import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { accountEndpoints } from './api/accounts.ts'
import { institutionEndpoints } from './api/institutions.ts'
import { investmentEndpoints } from './api/investments.ts'
import { itemEndpoints } from './api/items.ts'
import { liabilityEndpoints } from './api/liabilities.ts'
import { referenceEndpoints } from './api/reference.ts'
import { sandboxEndpoints } from './api/sandbox.ts'
import { transactionEndpoints } from './api/transactions.ts'
import { answerCall, type ApiParts, refused } from './api-call.ts'
import type { Endpoint } from './endpoint.ts'
import { plaidFailure } from './failure.ts'
import { linkEndpoints } from './link/tokens.ts'

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

const MAX_BODY_BYTES = 1_048_576

/** Plaid's API: POST and JSON only, errors in Plaid's shape, a `request_id` in every answer. */
export function apiRoutes(parts: ApiParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => tooLarge(parts) }))
  for (const endpoint of endpoints) app.post(endpoint.path, (c) => answerCall(parts, c, endpoint))
  app.all('*', () => refused(parts.world, plaidFailure('NOT_FOUND')))
  return app
}

function tooLarge({ world }: ApiParts): Response {
  const response = refused(world, plaidFailure('INVALID_BODY'))
  // The rest of the body is never read, so nothing else can come over this connection.
  response.headers.set('connection', 'close')
  return response
}
