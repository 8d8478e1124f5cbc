import type { Account, AccountType } from '../model.ts'
import { currencyOf, minorAt } from './amounts.ts'
import type { Call, PlaidCall } from './call.ts'
import { isCofferError } from '../errors.ts'
import { foreignAt, idAt, type Json, malformed, needRowsAt, objectAt, timeAt } from './json.ts'
import type { Plaid, PlaidDeps } from './operations.ts'

const day = 86_400_000

export function accountCalls(call: Call, deps: PlaidDeps): Pick<Plaid, 'accounts' | 'liveBalances'> {
  return {
    async accounts(itemId, signal) {
      const answer = await call({
        endpoint: '/accounts/get',
        itemId,
        signal,
        send: (sdk, options, token) => sdk.accountsGet({ access_token: token.open() }, options),
      })
      return toAccounts(answer, itemId, null)
    },

    async liveBalances(itemId, signal) {
      const answer = await call(balanceCall(itemId, signal)).catch((error: unknown) => {
        if (!wantsOldest(error)) throw error
        return call(balanceCall(itemId, signal, new Date(deps.now() - day).toISOString()))
      })
      return toAccounts(answer, itemId, new Date(deps.now()).toISOString())
    },
  }
}

function balanceCall(itemId: string, signal?: AbortSignal, oldest?: string): PlaidCall {
  return {
    endpoint: '/accounts/balance/get',
    itemId,
    signal,
    args: oldest === undefined ? '' : 'oldest',
    send: (sdk, options, token) => {
      const request = { ...(oldest !== undefined && { options: { min_last_updated_datetime: oldest } }) }
      return sdk.accountsBalanceGet({ access_token: token.open(), ...request }, options)
    },
  }
}

/** Capital One alone answers so, unless it is told how old a balance may be; nowhere else may it be told. */
function wantsOldest(error: unknown): boolean {
  return isCofferError(error, 'PLAID_MISCONFIGURED') && error.plaidCode === 'INVALID_FIELD'
}

/** The accounts of an answer that has them; Plaid says NO_ACCOUNTS where there are none, so that an empty list is no answer. `asOf` is when their balances were fetched from the bank, if that is known. */
export function toAccounts(answer: Json, itemId: string, asOf: string | null): Account[] {
  const accounts = needRowsAt(answer, 'accounts', (row) => toAccount(row, itemId, asOf))
  if (accounts.length === 0) throw malformed('accounts')
  return accounts
}

function toAccount(row: Json, itemId: string, asOf: string | null): Account | null {
  const accountId = idAt(row, 'account_id')
  if (accountId === null) return null
  const balances = objectAt(row, 'balances')
  const currency = currencyOf(balances)
  const type = typeOf(row.type)
  return {
    accountId,
    itemId,
    name: foreignAt(row, 'name') ?? foreignAt(row, 'official_name') ?? `${type} account`,
    mask: foreignAt(row, 'mask', 8),
    type,
    subtype: foreignAt(row, 'subtype'),
    currency,
    current: minorAt(balances, 'current', currency),
    available: minorAt(balances, 'available', currency),
    limit: minorAt(balances, 'limit', currency),
    persistentAccountId: idAt(row, 'persistent_account_id'),
    dataAsOf: timeAt(balances, 'last_updated_datetime') ?? asOf,
    sameAs: null,
  }
}

const types: ReadonlyMap<unknown, AccountType> = new Map<unknown, AccountType>([
  ['depository', 'depository'],
  ['credit', 'credit'],
  ['loan', 'loan'],
  ['investment', 'investment'],
  // Plaid's older word.
  ['brokerage', 'investment'],
])

function typeOf(type: unknown): AccountType {
  return types.get(type) ?? 'other'
}
