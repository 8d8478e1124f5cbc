import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expanded, markOf } from './payloads.ts'

/** The simulator, with hostile texts where strangers write; what the bank is called is chosen from outside. */
export interface HostilePlaid extends AsyncDisposable {
  readonly url: string
  /** Paths that were asked for, in their order. */
  readonly asked: string[]
  /** Which encoding the name of the bank has that is connected next. */
  bank: number
  /** Accounts are named by the payloads from this one on: a login has ten accounts at most. */
  firstName: number
  /** Every answer about a bank is an error from now on, whose texts are hostile too. */
  broken: boolean
}

export async function startHostilePlaid(plaid: string): Promise<HostilePlaid> {
  const bankOf = new Map<unknown, number>()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const forward = async () => {
      const sent = await text(request)
      hostile.asked.push(path)
      if (hostile.broken && isAboutBank(path)) return { status: 400, body: JSON.stringify(refusal) }
      const headers = { 'content-type': 'application/json', ...idOf(request.headers) }
      const answer = await fetch(plaid + path, { method: 'POST', headers, body: sent })
      const said = await answer.text()
      const bank = bankOf.get(tokenIn(sent)) ?? hostile.bank
      if (path === '/item/public_token/exchange') bankOf.set(tokenIn(said), bank)
      return {
        status: answer.status,
        body: JSON.stringify(rewrite(JSON.parse(said), { bank, firstName: hostile.firstName })),
      }
    }
    forward().then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const hostile: HostilePlaid = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    bank: 0,
    firstName: 0,
    broken: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return hostile
}

/** What a login that broke answers; a stranger may have a hand in its texts. */
const refusal = {
  error_type: 'ITEM_ERROR',
  error_code: 'ITEM_LOGIN_REQUIRED',
  error_message: expanded(markOf('plaid', 0, 0)),
  display_message: expanded(markOf('plaid', 20, 6)),
  documentation_url: `http://evil.example/${markOf('plaid', 40, 0)}`,
  suggested_action: expanded(markOf('plaid', 60, 9)),
  request_id: 'abc123',
}

function isAboutBank(path: string): boolean {
  return /^\/(item\/get|accounts|transactions|investments|liabilities)/.test(path)
}

type Names = Pick<HostilePlaid, 'bank' | 'firstName'>

/** Marks become the payloads that they stand for, and the bank is called as one. */
function rewrite(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return expanded(renamed(value, names.firstName))
  if (Array.isArray(value)) return value.map((one) => rewrite(one, names))
  if (!isObject(value)) return value
  const name = expanded(markOf('institution', names.bank, names.bank))
  const entries = Object.entries({ ...value, ...strangersOf(value) }).map(([key, inner]) => {
    if (key === 'institution_name') return [key, name]
    const read = rewrite(inner, names)
    return [key, key === 'institution' && isObject(read) ? { ...read, name } : read]
  })
  return Object.fromEntries(entries)
}

/** The mark of an account, as many payloads further on. */
function renamed(text: string, by: number): string {
  const [, payload, encoding] = /^Zqa(\d\d)(\d\d)$/.exec(text) ?? []
  return payload === undefined ? text : markOf('account', Number(payload) + by, Number(encoding))
}

/** A row of a bank has words by strangers in many more places than its name. */
function strangersOf(row: Readonly<Record<string, unknown>>) {
  const [, payload, encoding] = /^Zqt(\d\d)(\d\d)$/.exec(String(row.name)) ?? []
  if (payload === undefined) return {}
  const hidden = markOf('plaid', Number(payload), Number(encoding))
  return {
    merchant_name: markOf('merchant', Number(payload), Number(encoding)),
    original_description: hidden,
    website: hidden,
    logo_url: hidden,
    account_owner: hidden,
    counterparties: [{ name: hidden, type: 'merchant', website: hidden, logo_url: hidden }],
    payment_meta: { payee: hidden, payer: hidden, reason: hidden },
    location: { address: hidden, city: hidden },
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tokenIn(body: string): unknown {
  const read: unknown = JSON.parse(body)
  return isObject(read) ? read.access_token : undefined
}

function idOf(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const names = ['plaid-client-id', 'plaid-secret', 'plaid-version']
  return Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')]))
}
