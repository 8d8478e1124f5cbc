import {
  Configuration,
  CountryCode,
  type LinkTokenCreateRequest,
  type LinkTokenGetSessionsResponse,
  PlaidApi,
  type PlaidError,
  Products,
} from 'plaid'
import { expect } from 'vitest'
import {
  type Exchange,
  type SimulatorOptions,
  startSimulator,
  type Typing,
} from '../../src/simulator/index.ts'
import { hasPlaidSchema, validateRequest, validateResponse } from '../support/plaid-schema.ts'

/** Noon, so that a test may move the clock by hours and stay on the day. */
export const start = Date.parse('2026-03-10T12:00:00Z')
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
export const bank = 'ins_109508'
export const brokerage = 'ins_109512'
export const hook = 'https://example.com/hook'

export interface Connected {
  readonly access_token: string
  readonly item_id: string
}

export interface Login {
  institution?: string
  days?: number
  webhook?: string
  username?: string
  password?: string
}

/** A simulator at a fixed time whose every answer is checked by Plaid's schemas when the test ends. */
export async function openPlaid(options: SimulatorOptions = {}) {
  const wrong: string[] = []
  const onExchange = (exchange: Exchange) => void wrong.push(...problemsOf(exchange))
  const quiet = { webhookDelivery: false, timedWebhooks: false }
  const defaults = { readyAfterMs: 0, seed: 'tests', now: () => start, onExchange, ...quiet }
  const simulator = await startSimulator({ ...defaults, ...options })
  const { url, clientId, secret, controls } = simulator
  const headers = { 'PLAID-CLIENT-ID': clientId, 'PLAID-SECRET': secret }
  const sdk = new PlaidApi(new Configuration({ basePath: url, baseOptions: { headers } }))

  /** A request as it is, right or wrong. */
  async function call(path: string, body: object = {}) {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    // What is read of it is the error alone; the schemas check what it is.
    const answer = (await response.json()) as Partial<PlaidError>
    return { status: response.status, body: answer }
  }

  /** The code of the refusal, or OK. */
  async function codeOf(path: string, body: object = {}): Promise<string> {
    const { body: answer } = await call(path, body)
    return answer.error_code ?? 'OK'
  }

  async function exchange(public_token: string): Promise<Connected> {
    const { data } = await sdk.itemPublicTokenExchange({ public_token })
    return { access_token: data.access_token, item_id: data.item_id }
  }

  async function connect(products = [Products.Transactions], login: Login = {}): Promise<Connected> {
    const { institution = bank, days = 730, webhook, username, password } = login
    const { data } = await sdk.sandboxPublicTokenCreate({
      institution_id: institution,
      initial_products: products,
      options: {
        transactions: { days_requested: days },
        ...(webhook !== undefined && { webhook }),
        ...(username !== undefined && { override_username: username }),
        ...(password !== undefined && { override_password: password }),
      },
    })
    return exchange(data.public_token)
  }

  async function createLink(fields: Partial<LinkTokenCreateRequest> = {}) {
    const { data } = await sdk.linkTokenCreate({ ...linkRequest, ...fields })
    return { token: data.link_token, url: data.hosted_link_url ?? '', expiration: data.expiration }
  }

  /** The sessions of a link, oldest first. */
  async function sessionsOf(link_token: string): Promise<LinkTokenGetSessionsResponse[]> {
    const { data } = await sdk.linkTokenGet({ link_token })
    return data.link_sessions ?? []
  }

  async function connectByLink(fields: Partial<LinkTokenCreateRequest>, typing: Typing = {}) {
    const link = await createLink({ products: [Products.Transactions], ...fields })
    await controls.clickLink(link.url, 'success', typing)
    const [session] = await sessionsOf(link.token)
    return exchange(session?.results?.item_add_results[0]?.public_token ?? '')
  }

  async function close(): Promise<void> {
    await simulator.close()
    expect(wrong, "answers and accepted requests that Plaid's schemas refuse").toEqual([])
  }

  return {
    simulator,
    controls,
    sdk,
    url,
    headers,
    call,
    codeOf,
    exchange,
    connect,
    createLink,
    sessionsOf,
    connectByLink,
    [Symbol.asyncDispose]: close,
  }
}

export type Plaid = Awaited<ReturnType<typeof openPlaid>>

export const linkRequest = {
  client_name: 'Coffer',
  language: 'en',
  country_codes: [CountryCode.Us],
  user: { client_user_id: 'somebody' },
  hosted_link: {},
}

/** A request that was refused was wrong on purpose; one that was taken must be right. */
function problemsOf({ path, request, status, response }: Exchange): string[] {
  if (!hasPlaidSchema) return []
  const wrong = validateResponse(path, status, response)
  if (status === 200) wrong.push(...validateRequest(path, request))
  return wrong.map((problem) => `${path} ${status}: ${problem}`)
}
