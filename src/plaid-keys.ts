import type { Secret } from './secret.ts'

/** What Plaid knows its customer by. */
export interface PlaidKeys {
  readonly clientId: string
  readonly secret: Secret
}
