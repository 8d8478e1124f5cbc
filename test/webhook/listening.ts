import { type IncomingHttpHeaders, request } from 'node:http'
import { onTestFinished } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import type { WebhookKey } from '../../src/plaid/operations.ts'
import type { InboxEntry, Store } from '../../src/store/store.ts'
import { type ListenerDeps, startListener } from '../../src/webhook/index.ts'
import { freshStore } from '../store/fixtures.ts'
import { connection } from '../store/rows.ts'
import { newKey, type SigningKey, type Spelling, signed } from './signing.ts'

export const itemId = 'item-1'

/** A key endpoint that knows some keys and can be told to do anything. */
export interface KeyEndpoint {
  readonly asked: string[]
  answer: (kid: string, signal?: AbortSignal) => Promise<WebhookKey>
  readonly webhookKey: ListenerDeps['plaid']['webhookKey']
}

export function keyEndpoint(...keys: readonly SigningKey[]): KeyEndpoint {
  const endpoint: KeyEndpoint = {
    asked: [],
    async answer(kid) {
      const key = keys.find((one) => one.kid === kid)
      if (key === undefined) throw unknownKey()
      return { jwk: key.jwk, expiredAt: null }
    },
    async webhookKey(kid, signal) {
      endpoint.asked.push(kid)
      return await endpoint.answer(kid, signal)
    },
  }
  return endpoint
}

export function unknownKey(): CofferError {
  const plaidCode = 'INVALID_WEBHOOK_VERIFICATION_KEY_ID'
  return new CofferError('PLAID_MISCONFIGURED', 'There is no such key.', { plaidCode, httpStatus: 400 })
}

export interface LogLine {
  readonly level: string
  readonly event: string
  readonly fields: object
}

export function recordingLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const at =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void lines.push({ level, event, fields })
  return { lines, log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') } }
}

export interface Listening {
  readonly port: number
  readonly store: Store
  readonly key: SigningKey
  readonly endpoint: KeyEndpoint
  readonly lines: readonly LogLine[]
  /** How often it was said that something is stored. */
  stored(): number
  pending(): Promise<readonly InboxEntry[]>
  /** The header for a body. */
  sign(body: object | string | Buffer, spelling?: Spelling): string
  /** POSTs with everything right, unless told otherwise. */
  post(body: object | string | Buffer, more?: Sending): Promise<Answer>
}

export interface Sending extends Spelling {
  readonly method?: string
  readonly path?: string
  /** On top of those that are right; null leaves one out, a list sends it several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>
  /** In pieces, without saying how much there will be. */
  readonly chunked?: boolean
  readonly signedBy?: SigningKey
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A listener on a port, a store and a key endpoint of its own, all gone after the test. */
export async function listening(options: Partial<ListenerDeps> = {}): Promise<Listening> {
  const store = options.store ?? (await storeWithItem())
  const key = newKey()
  const endpoint = keyEndpoint(key)
  const { log, lines } = recordingLog()
  let stored = 0
  const listener = await startListener(
    {
      store,
      plaid: endpoint,
      environment: 'sandbox',
      forwardSecret: null,
      trustForwarder: false,
      webhookUrl: null,
      now: Date.now,
      log,
      onStored: () => void (stored += 1),
      ...options,
    },
    0,
  )
  onTestFinished(() => listener.close())
  const { port } = listener
  return {
    port,
    store,
    key,
    endpoint,
    lines,
    stored: () => stored,
    pending: () => store.inbox.pending(10_000),
    sign: (body, spelling) => signed(key, bytesOf(body), spelling),
    post: (body, more = {}) => send(port, bytesOf(body), more.signedBy ?? key, more),
  }
}

export async function storeWithItem(): Promise<Store> {
  const store = await freshStore()
  await store.connections.insert(connection({ itemId }), 'sealed')
  return store
}

/** As Plaid spells it. */
export function bytesOf(body: object | string | Buffer): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body, null, 2))
}

function send(port: number, body: Buffer, key: SigningKey, more: Sending): Promise<Answer> {
  const headers = headersOf(body, key, more)
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method: more.method ?? 'POST',
      path: more.path ?? '/plaid/webhook',
    }
    const sent = request({ ...options, headers, agent: false, setHost: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function headersOf(body: Buffer, key: SigningKey, more: Sending): string[] {
  const right = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    'plaid-verification': signed(key, body, more),
    ...(more.chunked === true
      ? { 'transfer-encoding': 'chunked' }
      : { 'content-length': String(body.length) }),
  }
  return Object.entries({ ...right, ...more.headers }).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [name, one]),
  )
}
