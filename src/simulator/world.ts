import { generateKeyPairSync } from 'node:crypto'
import type { Login } from './bank-data.ts'
import type { Courier } from './delivery/courier.ts'
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
  /** What sends the webhooks. */
  courier: Pick<Courier, 'accept'>
  /** Ms by the simulator's own clock. */
  now(): number
  /** Ms by the clock of the machine, wherever the simulator's own was moved to. */
  machineNow(): number
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
    courier: { accept: () => undefined },
    now: () => now() + state.clockOffsetMs,
    machineNow: now,
    newId: () => idOf(...next('id')),
    newUuid: () => uuidOf(...next('uuid')),
    newToken: (kind) => `${kind}-${environment}-${uuidOf(...next(kind))}`,
    // Not counted in the state, which a mere read must not change.
    newRequestId: () => requestIdOf(String(started), String((requests += 1))),
    bankData,
  }
}

export interface NewKey {
  readonly kid: string
  readonly environment: Environment
  /** Ms. */
  readonly at: number
}

export function newWebhookKey({ kid, environment, at }: NewKey): WebhookKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  if (x === undefined || y === undefined) throw new Error('an EC key without coordinates')
  return {
    kid,
    environment,
    x,
    y,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    createdAt: Math.floor(at / 1000),
    expiredAt: null,
  }
}
