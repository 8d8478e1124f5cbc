import { setTimeout as sleep } from 'node:timers/promises'
import { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import { type Endpoint, rulesOf } from './endpoints.ts'
import type { Billed, RateBudget } from './operations.ts'

type Budgeted = Parameters<RateBudget['take']>[0]

/** Half of what Plaid allows, at least one: the other half is for other programs on the same keys, and for error. @param spared of an Item's calls */
export function budgetOf(
  endpoint: Endpoint,
  environment: Environment,
  itemId: string | null,
  spared = 0,
): Budgeted {
  const { item, client } = rulesOf(endpoint).limits[environment]
  const rows = []
  if (item !== undefined && itemId !== null)
    rows.push({ key: `${itemId} ${endpoint}`, perMinute: Math.max(1, half(item) - spared) })
  if (client !== undefined) rows.push({ key: `${environment} ${endpoint}`, perMinute: half(client) })
  return rows
}

/** What the call costs; null: nothing. */
export function billedOf(endpoint: Endpoint, itemId: string | null): Billed | null {
  const { billed: per } = rulesOf(endpoint)
  return per === undefined || itemId === null ? null : { itemId, endpoint, per }
}

function half(limit: number): number {
  return Math.max(1, Math.floor(limit / 2))
}

/**
 * Counts one call, waiting for room up to `patience` ms in all.
 * @throws CofferError PLAID_RATE_LIMITED, or whatever `signal` is aborted with
 */
export async function takeRoom(
  budget: RateBudget,
  { limits, billed }: { readonly limits: Budgeted; readonly billed: Billed | null },
  patience: number,
  signal: AbortSignal,
) {
  if (limits.length === 0) return
  let left = patience
  for (;;) {
    const wait = await budget.take(limits, billed)
    if (wait <= 0) return
    if (wait > left) throw usedUp(wait)
    await sleep(wait, undefined, { signal })
    left -= wait
  }
}

function usedUp(wait: number): CofferError {
  const seconds = Math.ceil(wait / 1000)
  return new CofferError('PLAID_RATE_LIMITED', `Plaid takes no more of these calls for ${seconds} seconds.`, {
    fix: `Ask again in ${seconds} seconds; until then the stored figures stand.`,
    retryable: true,
  })
}
