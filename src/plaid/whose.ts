import { CofferError, isCofferError } from '../errors.ts'
import type { Account, Environment } from '../model.ts'
import type { Secret } from '../secret.ts'
import { toAccounts } from './accounts.ts'
import type { Call } from './call.ts'
import { toItemState } from './items.ts'
import { malformed } from './json.ts'
import type { Plaid, PlaidDeps } from './operations.ts'

/** Calls with a token that is not kept here, so that no two of them are one. */
export function tokenCalls(
  call: Call,
  { environment }: Pick<PlaidDeps, 'environment'>,
): Pick<Plaid, 'whose'> {
  async function accountsOf(
    token: Secret,
    itemId: string,
    signal?: AbortSignal,
  ): Promise<readonly Account[]> {
    const answer = await call({
      endpoint: '/accounts/get',
      isAlone: true,
      signal,
      send: (sdk, options) => sdk.accountsGet({ access_token: token.open() }, options),
    })
    return toAccounts(answer, itemId, null)
  }

  return {
    async whose(token, signal) {
      mustBeOf(environment, token)
      const answer = await call({
        endpoint: '/item/get',
        isAlone: true,
        signal,
        send: (sdk, options) => sdk.itemGet({ access_token: token.open() }, options),
      })
      const item = toItemState(answer, '')
      if (item.itemId === '') throw malformed('item_id')
      const accounts = await accountsOf(token, item.itemId, signal).catch(noneIfBroken)
      return { item, accounts }
    },
  }
}

/** A bank that does not answer, or wants a new login, has its accounts still. */
function noneIfBroken(error: unknown): readonly Account[] {
  if (isCofferError(error) && !general.includes(error.code)) return []
  throw error
}

const general = ['PLAID_UNREACHABLE', 'PLAID_RATE_LIMITED', 'PLAID_KEYS_REJECTED', 'CANCELLED']

/** Said here, since Plaid only says that there is no such token. */
function mustBeOf(environment: Environment, token: Secret): void {
  const [, named] = /^access-(sandbox|development|production)-[\w-]{8,}$/.exec(token.open()) ?? []
  if (named === environment) return
  if (named === undefined)
    throw new CofferError('INVALID_ARGUMENTS', 'This is no access token of Plaid.', {
      fix: 'Access tokens begin with access-sandbox- or access-production-.',
    })
  throw new CofferError(
    'WRONG_ENVIRONMENT',
    `The token is of Plaid's ${named} environment, and PLAID_ENV is ${environment}.`,
    {
      fix:
        named === 'development'
          ? 'Plaid has shut that environment down: connect the bank anew.'
          : `Set PLAID_ENV=${named} with that environment's secret.`,
    },
  )
}
