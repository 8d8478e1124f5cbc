import type { CountryCode } from 'plaid'
import { isCofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import type { Call } from './call.ts'
import type { Plaid, PlaidDeps } from './operations.ts'

// Any bank does; this one is in the Sandbox, and a refusal of it says that the keys were good.
const anyBank = 'ins_109508'

export function keyCalls(call: Call, deps: PlaidDeps): Pick<Plaid, 'checkKeys'> {
  async function accepted(signal: AbortSignal | undefined, baseUrl?: string): Promise<boolean> {
    try {
      await call({
        endpoint: '/institutions/get_by_id',
        signal,
        args: baseUrl ?? '',
        ...(baseUrl !== undefined && { baseUrl }),
        // The SDK's enum has the same words as the setting.
        send: (sdk, options) =>
          sdk.institutionsGetById(
            { institution_id: anyBank, country_codes: [...deps.countryCodes] as CountryCode[] },
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

  return {
    async checkKeys(signal) {
      if (await accepted(signal)) return { ok: true, fits: deps.environment }
      const elsewhere = deps.otherEnvironmentUrl ?? otherHost(await deps.baseUrl(), deps.environment)
      if (elsewhere === null) return { ok: false, fits: null }
      const fits = await accepted(signal, elsewhere).catch(() => false)
      return { ok: false, fits: fits ? otherThan(deps.environment) : null }
    },
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
