export const tamperings = [
  /** One value of the body is another than the one signed. */
  'body_changed',
  /** The bytes are others than those signed, the JSON is the same. */
  'minified',
  'wrong_hash',
  'alg_none',
  /** Signed by HMAC, with the public key as the secret. */
  'alg_hs256',
  'der_signature',
  /** Ten minutes old. */
  'old_iat',
  /** Ten minutes ahead. */
  'future_iat',
  'unknown_kid',
  'expired_key',
  /** As the other environment would send it, with a key of its own. */
  'other_environment',
  'missing_header',
  'two_headers',
] as const

/** What is wrong with a webhook that Plaid never sent so. */
export type Tampering = (typeof tamperings)[number]

/** A webhook that is still to arrive. Plain data: it is kept in the state file. */
export interface Parcel {
  readonly webhookId: string
  readonly url: string
  readonly type: string
  readonly code: string
  readonly itemId: string | null
  /** Pretty JSON, as it was when the webhook came about. */
  readonly body: string
  readonly tampering: Tampering | null
  /** Attempts that have failed. */
  attempts: number
  /** Ms by the simulator's clock; null while it is held back. */
  dueAt: number | null
  /** The signature of the first attempt. */
  jws: string | null
}

/** One attempt, as tests look at it. */
export interface Delivery
  extends Pick<Parcel, 'webhookId' | 'url' | 'type' | 'code' | 'itemId' | 'tampering'> {
  /** 1 is the first. */
  readonly attempt: number
  /** Ms by the simulator's clock. */
  readonly at: number
  /** Null where there was no signature, or no attempt. */
  readonly kid: string | null
  /** Null without an answer. */
  readonly status: number | null
  /** What there was in place of an answer; `lost` on the way, as was asked for. */
  readonly failure: 'timeout' | 'connection' | 'lost' | null
  /** Ms by the simulator's clock; null when it arrived or was given up. */
  readonly nextAt: number | null
}
