import type { PlaidApi } from 'plaid'
import type { PlaidKeys } from '../plaid-keys.ts'
import type { Secret } from '../secret.ts'
import { createBreakers } from './breaker.ts'
import { type Answer, createClient, type Options, type Send } from './client.ts'
import { type Endpoint, rulesOf } from './endpoints.ts'
import { cancelled, type Outcome, translate } from './failure.ts'
import { createFlights } from './flights.ts'
import { ownHosts } from './host-memory.ts'
import { type Json, requestIdOf } from './json.ts'
import { billedOf, budgetOf, takeRoom } from './limits.ts'
import type { PlaidDeps } from './operations.ts'
import { createRetry } from './retry.ts'

interface About {
  readonly endpoint: Endpoint
  /** What tells this call from another one for the same item and endpoint. Kept in memory only while the call lasts. */
  readonly args?: string
  /** The answer must be to this very question: one that was asked before knows nothing of what happened since. */
  readonly isAskedAnew?: boolean
  /** Whoever asks answers a failure by starting over: this call alone is not repeated. */
  readonly startsOver?: boolean
  /** It waits for nothing, and its answer is nobody else's: a further page of a list that one reader has begun, or a token that is not kept. */
  readonly isAlone?: boolean
  readonly signal?: AbortSignal | undefined
  /** So many of this minute's calls are left for those who need them more. */
  readonly spared?: number
  /** How long to wait, in ms, when this minute's calls are used up. */
  readonly patience?: number
  /** Another place than where Plaid is. */
  readonly baseUrl?: string
}

/** A call about an item is handed the item's token. */
export type PlaidCall = About &
  (
    | { readonly itemId?: never; readonly send: Send }
    | {
        readonly itemId: string
        readonly send: (sdk: PlaidApi, options: Options, token: Secret) => Answer
      }
  )

interface Prepared {
  readonly keys: PlaidKeys
  readonly send: Send
}

/** The one way to call Plaid. @throws CofferError and nothing else */
export type Call = (call: PlaidCall) => Promise<Json>

const patience = 5000

/** Budget, one call at a time, retries, breaker, translation and report, around every call. */
export function createCall(deps: PlaidDeps): Call {
  const client = createClient(deps)
  const retry = createRetry(deps.random ?? Math.random)
  const board = createFlights<Json>()
  const breakerOf = createBreakers(deps.hosts ?? ownHosts(), deps.now)

  /** Keys and token come before the clock starts and outside of the breaker: a keychain may ask the person first. */
  async function prepare(call: PlaidCall): Promise<Prepared> {
    const keys = await deps.keys()
    if (call.itemId === undefined) return { keys, send: call.send }
    const token = await deps.tokenOf(call.itemId)
    return { keys, send: (sdk, options) => call.send(sdk, options, token) }
  }

  async function once(
    call: PlaidCall,
    prepared: Prepared,
    baseUrl: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    signal.throwIfAborted()
    const { endpoint, itemId = null, spared } = call
    const limits = budgetOf(endpoint, deps.environment, itemId, spared)
    const room = { limits, billed: billedOf(endpoint, itemId) }
    await takeRoom(deps.budget, room, call.patience ?? patience, signal)
    const start = deps.now()
    const { keys, send } = prepared
    const outcome = await client(send, { keys, baseUrl, ms: rulesOf(call.endpoint).seconds * 1000, signal })
    deps.onCall?.(reportOf(call, deps.now() - start, outcome))
    return outcome
  }

  /** The breaker counts a call with its retries as one: a bank that fails is tried more often than one that works. */
  async function attempts(call: PlaidCall, signal: AbortSignal): Promise<Outcome> {
    const host = async () => call.baseUrl ?? (await deps.baseUrl())
    const prepared = await prepare(call)
    const attempt = async () => await once(call, prepared, await host(), signal)
    const isRepeated = rulesOf(call.endpoint).effect === 'read' && call.startsOver !== true
    const work = isRepeated ? () => retry(attempt, signal) : attempt
    return await breakerOf(await host())(work, signal, call.itemId ?? '')
  }

  async function fly(call: PlaidCall, signal: AbortSignal): Promise<Json> {
    try {
      const outcome = await attempts(call, signal)
      if ('answer' in outcome) return outcome.answer
      throw outcome.failure.error
    } catch (error) {
      throw signal.aborted ? cancelled() : translate(error, deps.environment)
    }
  }

  return (call) => board({ ...ticketOf(call), signal: call.signal }, (signal) => fly(call, signal))
}

function ticketOf({ endpoint, itemId, args = '', isAskedAnew = false, isAlone = false }: PlaidCall) {
  if (isAlone) return {}
  return {
    lane: itemId === undefined ? undefined : `${itemId} ${endpoint}`,
    share: rulesOf(endpoint).effect !== 'write' ? `${itemId ?? ''} ${endpoint} ${args}` : undefined,
    closesAtDeparture: isAskedAnew,
  }
}

function reportOf({ endpoint, itemId }: PlaidCall, ms: number, outcome: Outcome) {
  const about = { endpoint, itemId: itemId ?? null, ms }
  if ('answer' in outcome) return { ...about, code: null, requestId: requestIdOf(outcome.answer) ?? null }
  const { error } = outcome.failure
  return { ...about, code: error.plaidCode ?? error.code, requestId: error.requestId ?? null }
}
