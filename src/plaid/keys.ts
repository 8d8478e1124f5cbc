import type { CountryCode } from 'plaid'
import { CofferError, isCofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import type { Call } from './call.ts'
import type { Plaid, PlaidDeps } from './operations.ts'

// Any bank does; this one is in the Sandbox, and a refusal of it says that the keys were good.
const anyBank = 'ins_109508'

export function keyCalls(call: Call, deps: PlaidDeps): Pick<Plaid, 'checkKeys'> {
  return {
    async checkKeys(signal) {
      if (await accepted(call, deps, { signal })) return { ok: true, fits: deps.environment }
      return { ok: false, fits: await fitsElsewhere(call, deps) }
    },
  }
}

/** A rejected secret is tried in the other environment, once until one is accepted, so that the error can say which one it fits. */
export function withKeyAdvice(call: Call, deps: PlaidDeps): Call {
  let fits: Promise<Environment | null> | null = null
  return async (request) => {
    try {
      const answer = await call(request)
      fits = null
      return answer
    } catch (error) {
      if (!isCofferError(error, 'PLAID_KEYS_REJECTED')) throw error
      deps.onKeysRejected?.()
      fits ??= fitsElsewhere(call, deps)
      throw advised(error, deps.environment, await fits)
    }
  }
}

function advised(error: CofferError, environment: Environment, fits: Environment | null): CofferError {
  if (fits === null) return error
  const { code, plaidCode, requestId } = error
  return new CofferError(
    code,
    `The secret is that of Plaid's ${fits} environment, and PLAID_ENV is ${environment}.`,
    {
      fix: `Set PLAID_ENV=${fits}, or PLAID_SECRET to the secret of ${environment}.`,
      ...(plaidCode !== undefined && { plaidCode }),
      ...(requestId !== undefined && { requestId }),
    },
  )
}

async function fitsElsewhere(call: Call, deps: PlaidDeps): Promise<Environment | null> {
  const baseUrl = deps.otherEnvironmentUrl ?? otherHost(await deps.baseUrl(), deps.environment)
  if (baseUrl === null) return null
  return (await accepted(call, deps, { baseUrl }).catch(() => false)) ? otherThan(deps.environment) : null
}

async function accepted(
  call: Call,
  { countryCodes }: PlaidDeps,
  where: { baseUrl?: string; signal?: AbortSignal | undefined },
): Promise<boolean> {
  try {
    await call({
      endpoint: '/institutions/get_by_id',
      args: where.baseUrl ?? '',
      ...where,
      send: (sdk, options) =>
        sdk.institutionsGetById(
          // The SDK's enum has the same words as the setting.
          { institution_id: anyBank, country_codes: [...countryCodes] as CountryCode[] },
          options,
        ),
    })
    return true
  } catch (error) {
    if (isCofferError(error, 'PLAID_KEYS_REJECTED')) return false
    if (isCofferError(error) && error.plaidCode === 'INVALID_INSTITUTION') return true
    throw error
  }
}

/** Keys are shown to no host but Plaid's two; a simulator has no twin. */
export function otherHost(baseUrl: string, environment: Environment): string | null {
  return new URL(baseUrl).hostname.endsWith('.plaid.com')
    ? `https://${otherThan(environment)}.plaid.com`
    : null
}

function otherThan(environment: Environment): Environment {
  return environment === 'sandbox' ? 'production' : 'sandbox'
}
