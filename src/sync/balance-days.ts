import type { Account, BalanceDay } from '../model.ts'
import { today } from '../snapshot/index.ts'

/** The balances of a fetch, each on the day that the bank told it, which may be before today. */
export function balanceDaysOf(accounts: readonly Account[], timeZone: string): Omit<BalanceDay, 'itemId'>[] {
  return accounts.flatMap(({ accountId, currency, current, dataAsOf }) => {
    if (current === null || dataAsOf === null) return []
    return [{ accountId, date: today(Date.parse(dataAsOf), timeZone), currency, current }]
  })
}
