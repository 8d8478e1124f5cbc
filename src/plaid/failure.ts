import { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import { classOf, translateCode } from './errors.ts'
import { isRecord, type Json, requestIdOf } from './json.ts'

/** Why a call gave no answer, and what that says about trying again. */
export interface Failure {
  readonly error: CofferError
  /** Plaid as a whole seems down: the breaker counts it. */
  readonly hostDown: boolean
  /** The same call at once may well work; whether it may be repeated is the endpoint's matter. */
  readonly passing: boolean
}

export type Outcome = { readonly answer: Json } | { readonly failure: Failure }

/** Anything thrown on the way to Plaid, as an error of ours. Nothing of the SDK's error is kept: it carries the keys. */
export function translate(thrown: unknown, environment?: Environment): CofferError {
  return diagnose(thrown, environment).error
}

export function diagnose(thrown: unknown, environment?: Environment): Failure {
  if (thrown instanceof CofferError) return final(thrown)
  if (!isRecord(thrown) || thrown.isAxiosError !== true) {
    return final(new CofferError('INTERNAL', 'Something broke here on the way to Plaid.'))
  }
  const { response } = thrown
  const status = isRecord(response) ? Number(response.status) : 0
  // An answer that breaks off, or is larger than we take, is thrown with the good status it began with.
  if (!isRecord(response) || (status >= 200 && status < 300)) return unreachable(thrown.code)
  return refused(status, response.data, environment)
}

/** An answer that is not what Plaid's API sends: a proxy's page, half a body, a redirect. */
export function notPlaid(what: string, httpStatus?: number): Failure {
  const error = new CofferError('PLAID_DOWN', `Plaid gave no usable answer. ${what}.`, {
    fix: 'Try again in a minute; if it stays, see status.plaid.com.',
    retryable: true,
    ...(httpStatus !== undefined && { httpStatus }),
  })
  return { error, hostDown: true, passing: true }
}

export function tooSlow(ms: number): Failure {
  const error = new CofferError('PLAID_UNREACHABLE', `Plaid did not answer within ${ms / 1000} seconds.`, {
    fix: 'Try again in a minute.',
    retryable: true,
  })
  // Not passing: whoever asked has waited long enough.
  return { error, hostDown: true, passing: false }
}

export function cancelled(): CofferError {
  return new CofferError('CANCELLED', 'The call to Plaid was stopped before it was answered.', {
    retryable: true,
  })
}

function refused(status: number, body: unknown, environment: Environment | undefined): Failure {
  if (!isRecord(body) || typeof body.error_code !== 'string') return withoutCode(status)
  const plaidCode = body.error_code
  const about = { ...requestId(body), ...(environment && { environment }), httpStatus: status }
  const error = translateCode(plaidCode, about)
  if (classOf(plaidCode) === 'unknown') return withNewCode(status, body, error)
  return { error, hostDown: status >= 500, passing: plaidCode === 'INTERNAL_SERVER_ERROR' }
}

/** Plaid adds codes without notice; the status still tells a crowd and an outage from a refusal. */
function withNewCode(status: number, body: Json, error: CofferError): Failure {
  const plaidCode = error.plaidCode ?? 'UNKNOWN'
  const details = { retryable: true, plaidCode, httpStatus: status, ...requestId(body) }
  if (status === 429)
    return final(new CofferError('PLAID_RATE_LIMITED', crowded, { ...details, fix: waitAMinute }))
  if (status < 500) return final(error)
  const down = new CofferError('PLAID_DOWN', 'Plaid had a fault of its own.', {
    ...details,
    fix: waitAMinute,
  })
  return { error: down, hostDown: true, passing: true }
}

function withoutCode(status: number): Failure {
  if (status !== 429) return notPlaid(`It answered with HTTP ${status} and no error code of Plaid's`, status)
  const details = { retryable: true, httpStatus: status, fix: waitAMinute }
  return final(new CofferError('PLAID_RATE_LIMITED', crowded, details))
}

const crowded = 'Plaid got too many calls in a short time.'
const waitAMinute = 'Wait a minute before the next call.'

/** What helps, as far as the system tells what went wrong. */
const helps: readonly (readonly [RegExp, string])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    'Its name could not be looked up: check that this machine is online, and its DNS, then try again.',
  ],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    'Its certificate is not valid at the time that this machine believes it is: set the clock, then try again.',
  ],
  [
    /CERT|LEAF_SIGNATURE/,
    'Something on the way, such as a proxy or a virus scanner, reads the traffic: let it leave plaid.com alone, or set NODE_EXTRA_CA_CERTS to the file of its certificate.',
  ],
]
const checkNetwork = 'Check the network connection of this machine, then try again.'

function unreachable(thrown: unknown): Failure {
  const code = typeof thrown === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(thrown) ? thrown : ''
  const why = code === '' ? '' : ` (${code})`
  const fix = helps.find(([pattern]) => pattern.test(code))?.[1] ?? checkNetwork
  const error = new CofferError(
    'PLAID_UNREACHABLE',
    `Plaid cannot be reached, or its answer broke off${why}.`,
    { fix, retryable: true },
  )
  return { error, hostDown: true, passing: true }
}

export function final(error: CofferError): Failure {
  return { error, hostDown: false, passing: false }
}

function requestId(body: Json): { requestId?: string } {
  const id = requestIdOf(body)
  return id === undefined ? {} : { requestId: id }
}
