import { CofferError } from '../errors.ts'
import type { Core } from './context.ts'

/** @throws CofferError UNKNOWN_ACCOUNT where one is asked for that is not there */
export async function mustKnowAccount(
  accountId: string | undefined,
  { store }: Pick<Core, 'store'>,
): Promise<void> {
  if (accountId === undefined) return
  if ((await store.accounts.list()).some((account) => account.accountId === accountId)) return
  throw new CofferError('UNKNOWN_ACCOUNT', `No account has the account_id ${JSON.stringify(accountId)}.`, {
    fix: 'list_connections has the right ones.',
  })
}
