import type { CountryCode } from 'plaid'
import type { Call } from './call.ts'
import { foreignAt, objectAt } from './json.ts'
import type { Plaid, PlaidDeps } from './operations.ts'

export function institutionCalls(
  call: Call,
  { countryCodes }: Pick<PlaidDeps, 'countryCodes'>,
): Pick<Plaid, 'institution'> {
  return {
    async institution(id, signal) {
      const answer = await call({
        endpoint: '/institutions/get_by_id',
        signal,
        args: id,
        send: (sdk, options) =>
          sdk.institutionsGetById(
            // The SDK wants its enum, whose values are these words.
            { institution_id: id, country_codes: countryCodes as CountryCode[] },
            options,
          ),
      })
      return foreignAt(objectAt(answer, 'institution'), 'name')
    },
  }
}
