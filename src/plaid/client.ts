import type { PlaidApi } from 'plaid'
import type { PlaidKeys } from '../plaid-keys.ts'
import { cancelled, diagnose, final, notPlaid, type Outcome, tooSlow } from './failure.ts'
import { isRecord } from './json.ts'
import type { PlaidDeps } from './operations.ts'

export type Options = { readonly signal: AbortSignal }
export type Answer = Promise<{ readonly data: unknown }>

/** One call of the SDK, which has to pass `options` on. */
export type Send = (sdk: PlaidApi, options: Options) => Answer

export interface Destination {
  readonly keys: PlaidKeys
  readonly baseUrl: string
  readonly ms: number
  readonly signal: AbortSignal
}

const mebibyte = 1024 * 1024

/** Sends one call and never throws: what the SDK throws carries the keys, so it ends here. */
export function createClient({ environment }: Pick<PlaidDeps, 'environment'>) {
  const made = new WeakMap<PlaidKeys, { readonly baseUrl: string; readonly sdk: PlaidApi }>()

  /** With the keys in it, which live as long as they do elsewhere. */
  async function sdkFor(baseUrl: string, keys: PlaidKeys): Promise<PlaidApi> {
    const known = made.get(keys)
    if (known?.baseUrl === baseUrl) return known.sdk
    const sdk = await open(baseUrl, keys)
    made.set(keys, { baseUrl, sdk })
    return sdk
  }

  async function open(baseUrl: string, { clientId, secret }: PlaidKeys): Promise<PlaidApi> {
    // Loaded here and not above: it costs about 100 ms and 66 MiB, and many runs never call Plaid.
    const { Configuration, PlaidApi } = await import('plaid')
    const baseOptions = {
      headers: { 'PLAID-CLIENT-ID': clientId, 'PLAID-SECRET': secret.open() },
      maxRedirects: 0,
      maxContentLength: 20 * mebibyte,
      // A proxy of the environment is a tunnel for https, but would read plain http, which only loopback has.
      ...(baseUrl.startsWith('http:') && { proxy: false }),
    }
    return new PlaidApi(new Configuration({ basePath: baseUrl.replace(/\/+$/, ''), baseOptions }))
  }

  return async (send: Send, { keys, baseUrl, ms, signal }: Destination): Promise<Outcome> => {
    // Of the whole call: the SDK's own timeout starts again with every byte.
    const deadline = AbortSignal.timeout(ms)
    try {
      const sdk = await sdkFor(baseUrl, keys)
      const { data } = await send(sdk, { signal: AbortSignal.any([signal, deadline]) })
      return isRecord(data) ? { answer: data } : { failure: notPlaid('It was no JSON') }
    } catch (error) {
      if (signal.aborted) return { failure: final(cancelled()) }
      return { failure: deadline.aborted ? tooSlow(ms) : diagnose(error, environment) }
    }
  }
}
