import { generateKeyPairSync } from 'node:crypto'
import type { Login } from './bank-data.ts'
import { idOf, requestIdOf, uuidOf } from './ids.ts'
import type { PlainBankData } from './shapes.ts'
import type { State, WebhookKey } from './state.ts'

export type Environment = 'sandbox' | 'production'

/** What every part of the simulator works with. */
export interface World {
  readonly state: State
  readonly environment: Environment
  /** Where this simulator listens, without a slash at the end. */
  url: string
  /** Ms by the simulator's own clock. */
  now(): number
  newId(): string
  newUuid(): string
  newToken(kind: 'access' | 'link' | 'public'): string
  newRequestId(): string
  /** What the bank shows for a login; throws PlaidFailure as the bank refuses. */
  bankData(login: Login): PlainBankData
}

export interface WorldParts {
  state: State
  environment: Environment
  now: () => number
  bankData: (login: Login) => PlainBankData
}

export function createWorld({ state, environment, now, bankData }: WorldParts): World {
  const started = now()
  let requests = 0
  const next = (kind: string) => [state.seed, kind, String((state.idsGiven += 1))]
  return {
    state,
    environment,
    url: '',
    now: () => now() + state.clockOffsetMs,
    newId: () => idOf(...next('id')),
    newUuid: () => uuidOf(...next('uuid')),
    newToken: (kind) => `${kind}-${environment}-${uuidOf(...next(kind))}`,
    // Not counted in the state, which a mere read must not change.
    newRequestId: () => requestIdOf(String(started), String((requests += 1))),
    bankData,
  }
}

/** `at`: ms. */
export function newWebhookKey(kid: string, at: number): WebhookKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  if (x === undefined || y === undefined) throw new Error('an EC key without coordinates')
  return {
    kid,
    x,
    y,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    createdAt: Math.floor(at / 1000),
    expiredAt: null,
  }
}
