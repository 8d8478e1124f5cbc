import { needsOwner } from '../connections/index.ts'
import { sentencesOf } from '../errors.ts'
import type { Account, Connection } from '../model.ts'
import { toMajor } from '../money.ts'
import type { SourceState } from '../sync/index.ts'
import { nextStepFor } from './next-step.ts'
import type { account, connection, source } from './shapes.ts'
import type { z } from 'zod'

type Shown<T> = { [K in keyof T]: Exclude<T[K], null | undefined> } & {}

/** Results leave out what is not known, rather than saying null. */
export function present<T extends object>(fields: T): Partial<Shown<T>> {
  const shown: Partial<Shown<T>> = {}
  for (const name in fields) {
    const value = fields[name]
    // The check has just taken null and undefined away, which TypeScript does not follow through a generic.
    if (value !== null && value !== undefined) shown[name] = value as Shown<T>[typeof name]
  }
  return shown
}

export function accountView(row: Account): z.input<typeof account> {
  const major = (amount: number | null) => (amount === null ? null : toMajor(amount, row.currency))
  return {
    account_id: row.accountId,
    name: row.name,
    type: row.type,
    currency: row.currency,
    ...present({
      mask: row.mask,
      subtype: row.subtype,
      current: major(row.current),
      available: major(row.available),
      limit: major(row.limit),
      data_as_of: row.dataAsOf,
      same_as: row.sameAs,
    }),
  }
}

export function connectionView(
  row: Connection,
  accounts: readonly Account[],
  readOnly: boolean,
): z.input<typeof connection> {
  return {
    item_id: row.itemId,
    institution: row.institution,
    status: row.status,
    needs_reauth: needsOwner(row),
    new_accounts: row.newAccounts,
    environment: row.environment,
    created_at: row.createdAt,
    accounts: accounts.map(accountView),
    ...present({
      institution_id: row.institutionId,
      label: row.label,
      person: row.person,
      reauth_reason: row.reason,
      // Kept while something worse hides it.
      reauth_deadline: row.status === 'expiring' ? row.deadline : null,
      last_used_at: row.lastUsedAt,
      last_synced_at: row.lastSyncedAt,
      last_checked_at: row.lastCheckedAt,
      data_as_of: row.dataAsOf,
      next_step: nextStepFor(row, readOnly),
    }),
  }
}

export function sourceView(state: SourceState, readOnly: boolean): z.input<typeof source> {
  const { connection: row, error } = state
  const step = nextStepFor(row, readOnly)
  // With write tools off the fix would name one; the next step has the command.
  const fix = readOnly && step !== undefined ? undefined : error?.fix
  return {
    item_id: row.itemId,
    institution: row.institution,
    status: row.status,
    source: state.source,
    ...present({
      label: row.label,
      data_as_of: row.dataAsOf,
      last_synced_at: row.lastSyncedAt,
      error: error === null ? null : { code: error.code, text: sentencesOf({ message: error.message, fix }) },
      next_step: step,
    }),
  }
}
