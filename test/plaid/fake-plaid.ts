import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createPlaid } from '../../src/plaid/index.ts'
import type { CallReport, PlaidDeps } from '../../src/plaid/operations.ts'
import { Secret } from '../../src/secret.ts'

export interface Request {
  readonly path: string
  readonly body: Record<string, unknown>
  readonly headers: IncomingMessage['headers']
}

type Trouble = 'reset' | 'cut' | 'hang' | 'trickle'
export type Reply =
  | Trouble
  | {
      readonly status?: number
      readonly json?: unknown
      readonly text?: string
      readonly headers?: Record<string, string>
    }
type Answer = Reply | ((request: Request) => Reply | Promise<Reply>)

export const accessToken = 'access-sandbox-canary-0001'
export const apiSecret = 'canary-api-secret-0002'
export const clientId = 'canary-client-0003'

/** The smallest server that can be as bad as the network: each path gets its answers in turn, the last one for ever. */
export async function startFake() {
  const answers = new Map<string, Answer[]>()
  const requests: Request[] = []

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? ''
    const request = { path, body: JSON.parse(await text(incoming)), headers: incoming.headers }
    requests.push(request)
    const queue = answers.get(path) ?? [plaidError('NOT_FOUND', 404)]
    const answer = queue.length > 1 ? queue.shift() : queue[0]
    reply(response, (await (typeof answer === 'function' ? answer(request) : answer)) ?? 'reset')
  }

  const server = createServer((incoming, response) => void handle(incoming, response))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (path: string, ...queue: Answer[]) => void answers.set(path, queue),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Fake = Awaited<ReturnType<typeof startFake>>

export function plaidError(code: string, status = 400, more: object = {}): Reply {
  const json = {
    error_type: 'ANY_ERROR',
    error_code: code,
    error_message: `text of Plaid's on ${accessToken}`,
    ...more,
  }
  return { status, json: { ...json, display_message: null, request_id: 'req1234567890ab' } }
}

/** A client of ours on that server. No waiting between retries, no limits, one token for every item. */
export function plaidOn({ url }: { readonly url: string }, changes: Partial<PlaidDeps> = {}) {
  const reports: CallReport[] = []
  const plaid = createPlaid({
    keys: async () => ({ clientId, secret: new Secret(apiSecret) }),
    environment: 'sandbox',
    baseUrl: async () => url,
    clientName: 'Coffer',
    language: 'en',
    countryCodes: ['US'],
    webhookUrl: null,
    clientUserId: 'household-1',
    tokenOf: async () => new Secret(accessToken),
    budget: { take: async () => 0 },
    onCall: (report) => void reports.push(report),
    now: Date.now,
    random: () => 0,
    ...changes,
  })
  return { plaid, reports }
}

function reply(response: ServerResponse, answer: Reply): void {
  if (answer === 'hang') return
  if (answer === 'reset') return void response.destroy()
  if (answer === 'cut' || answer === 'trickle') return startAnswer(response, answer)
  const { status = 200, json, headers = {} } = answer
  response.writeHead(status, {
    'content-type': answer.text === undefined ? 'application/json' : 'text/html',
    ...headers,
  })
  response.end(answer.text ?? JSON.stringify(json))
}

function startAnswer(response: ServerResponse, how: 'cut' | 'trickle'): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"accounts":')
  if (how === 'cut') return void setTimeout(() => response.destroy(), 5)
  const drip = setInterval(() => response.write(' '), 5)
  response.once('close', () => clearInterval(drip))
}

/** The least that an answer about accounts has to hold. */
export const oneAccount = {
  account_id: 'account-1',
  name: 'Checking',
  type: 'depository',
  balances: { current: 1, iso_currency_code: 'USD' },
}
