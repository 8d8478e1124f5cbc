import { accountCalls } from './accounts.ts'
import { createCall } from './call.ts'
import { institutionCalls } from './institutions.ts'
import { investmentCalls } from './investments.ts'
import { itemCalls } from './items.ts'
import { keyCalls, withKeyAdvice } from './keys.ts'
import { liabilityCalls } from './liabilities.ts'
import { linkCalls } from './link.ts'
import type { Plaid, PlaidDeps } from './operations.ts'
import { updateCalls } from './transaction-updates.ts'
import { transactionCalls } from './transactions.ts'
import { webhookCalls } from './webhooks.ts'
import { tokenCalls } from './whose.ts'

export { translateCode } from './errors.ts'

/** Plaid as the rest of the program knows it. Makes no call and loads nothing of the SDK until it is asked something. */
export function createPlaid(deps: PlaidDeps): Plaid {
  const bare = createCall(deps)
  const call = withKeyAdvice(bare, deps)
  return {
    ...linkCalls(call, deps),
    ...itemCalls(call),
    ...tokenCalls(call, deps),
    ...institutionCalls(call, deps),
    ...accountCalls(call, deps),
    ...transactionCalls(call),
    ...updateCalls(call, deps),
    ...investmentCalls(call),
    ...liabilityCalls(call),
    ...webhookCalls(call),
    ...keyCalls(bare, deps),
  }
}
