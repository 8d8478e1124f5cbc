import type { Connection } from '../src/model.ts'

/** A connection that works, one per index. */
export function connectionOf(index: number): Connection {
  const at = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString()
  return {
    itemId: `item${String(index).padStart(33, '0')}`,
    environment: 'sandbox',
    institution: `Bank number ${index}`,
    institutionId: `ins_${index}`,
    label: null,
    person: null,
    status: 'active',
    reason: null,
    deadline: null,
    warning: null,
    awaitingData: false,
    consentExpirationTime: null,
    repairedAt: null,
    errorSentAt: null,
    warningSentAt: null,
    answeredDeadline: null,
    newAccounts: false,
    products: ['transactions'],
    consentedProducts: ['investments'],
    createdAt: at,
    lastUsedAt: at,
    lastSyncedAt: at,
    lastCheckedAt: at,
    dataAsOf: at,
    syncError: null,
    dirtySince: null,
    replacedBy: null,
  }
}
