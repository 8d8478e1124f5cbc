import { onTestFinished } from 'vitest'
import { silentLog } from '../../../src/log.ts'
import type { Store } from '../../../src/store/store.ts'
import { type ListenerDeps, startListener } from '../../../src/webhook/index.ts'
import { type Fake, plaidError, plaidOn, type Reply, startFake } from '../../plaid/fake-plaid.ts'
import { itemId, storeWithItem } from '../../webhook/listening.ts'
import { newKey, type SigningKey, signed, type Spelling } from '../../webhook/signing.ts'
import { type HttpRequest, post } from './request.ts'

export const keyPath = '/webhook_verification_key/get'

/** The keys that somebody might sign with. */
export interface Keys {
  /** Plaid's, in use; so is the second. */
  readonly plaids: SigningKey
  readonly second: SigningKey
  /** Plaid's, ended a minute ago. */
  readonly ended: SigningKey
  /** Plaid's, of the other environment: it is not known in ours. */
  readonly elsewhere: SigningKey
  /** The attacker's own. */
  readonly attackers: SigningKey
}

/** What an attack has at hand: whole webhooks of Plaid, and all that one could wish to spoil them with. */
export interface Forge {
  readonly keys: Keys
  /** A webhook about the known Item that was never sent before, as Plaid spells it. */
  body(changes?: object): Buffer
  /** Signed with Plaid's key. */
  sign(body: Buffer | string, spelling?: Spelling): string
  /** The request that Plaid would send: every attack starts from it. */
  request(body?: Buffer, jws?: string): HttpRequest
}

/** A real listener on a real store with one Item, and Plaid's key endpoint behind our own client. */
export interface Target extends Forge {
  readonly port: number
  readonly store: Store
  readonly plaid: Fake
  /** Webhooks in the inbox. */
  stored(): Promise<number>
  /** Questions for a key. */
  asked(): number
}

export async function target(options: Partial<ListenerDeps> = {}): Promise<Target> {
  const store = await storeWithItem()
  const plaid = await startFake()
  onTestFinished(() => plaid[Symbol.asyncDispose]())
  const forge = newForge()
  plaid.on(keyPath, answerFor(forge.keys))
  const listener = await startListener(
    {
      store,
      plaid: plaidOn(plaid).plaid,
      environment: 'sandbox',
      forwardSecret: null,
      trustForwarder: false,
      webhookUrl: 'https://tunnel.example/plaid/webhook',
      now: Date.now,
      log: silentLog,
      onStored: () => undefined,
      ...options,
    },
    0,
  )
  onTestFinished(() => listener.close())
  return {
    ...forge,
    port: listener.port,
    store,
    plaid,
    stored: async () => (await store.inbox.pending(1_000_000)).length,
    asked: () => plaid.requests.filter(({ path }) => path === keyPath).length,
  }
}

export function newForge(about: string = itemId): Forge {
  const [plaids, second, ended, elsewhere, attackers] = [newKey(), newKey(), newKey(), newKey(), newKey()]
  let serial = 0
  const body = (changes: object = {}) => {
    serial += 1
    const head = { webhook_type: 'HOLDINGS', webhook_code: 'DEFAULT_UPDATE', item_id: about }
    const rest = { environment: 'sandbox', error: null, new_holdings: serial, updated_holdings: 0 }
    return Buffer.from(JSON.stringify({ ...head, ...rest, ...changes }, null, 2))
  }
  const sign = (bytes: Buffer | string, spelling?: Spelling) => signed(plaids, bytes, spelling)
  return {
    keys: { plaids, second, ended, elsewhere, attackers },
    body,
    sign,
    request: (bytes = body(), jws = sign(bytes)) => post(bytes, jws),
  }
}

/** What Plaid answers to the question for a key. */
export function answerFor({ plaids, second, ended }: Keys) {
  return ({ body }: { readonly body: Record<string, unknown> }): Reply => {
    const key = [plaids, second, ended].find(({ kid }) => kid === body.key_id)
    if (key === undefined) return plaidError('INVALID_WEBHOOK_VERIFICATION_KEY_ID')
    const end = key === ended ? { expired_at: Math.floor(Date.now() / 1000) - 60 } : {}
    return { json: { key: { ...key.jwk, ...end }, request_id: 'r' } }
  }
}
