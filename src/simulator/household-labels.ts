import { bookingIdOf } from './household-positions.ts'
import { type Entry, type EntryKind, entriesThrough, type Household } from './household-entry.ts'
import { postedIdOf } from './household.ts'

/** What a posted row is in truth, and the row on the other side where there is one. */
export interface Label {
  readonly kind: EntryKind | 'refund'
  readonly partnerId: string | null
}

/**
 * The label of every posted row of bank, card and loan accounts to the end of a month, and of the bookings that are
 * the other side of one; by Plaid's id.
 * @param itemIds the Item through which each bank is seen, by institution_id
 */
export function labelsOf(
  household: Household,
  itemIds: ReadonlyMap<string, string>,
  lastMonth: string,
): ReadonlyMap<string, Label> {
  const accounts = new Map(household.accounts.map((account) => [account.key, account]))
  const idOn = (account: string, key: string): string | null => {
    const { institutionId = '', type } = accounts.get(account) ?? {}
    const itemId = itemIds.get(institutionId)
    if (itemId === undefined) return null
    return type === 'investment' ? bookingIdOf(itemId, key) : postedIdOf(itemId, key)
  }
  const labels = new Map<string, Label>()
  for (const entry of entriesThrough(household, lastMonth)) label(entry, idOn, labels)
  return labels
}

function label(
  { key, account, kind, cents, partner, partnerKey }: Entry,
  idOn: (account: string, key: string) => string | null,
  labels: Map<string, Label>,
): void {
  const id = idOn(account, key)
  const partnerId = partner === null || partnerKey === null ? null : idOn(partner, partnerKey)
  if (id !== null) labels.set(id, { kind: kind === 'expense' && cents < 0 ? 'refund' : kind, partnerId })
  if (partnerId !== null && !labels.has(partnerId)) labels.set(partnerId, { kind, partnerId: id })
}
