import { CofferError } from '../../src/errors.ts'
import type { Account, Status } from '../../src/model.ts'
import type { ItemState } from '../../src/plaid/operations.ts'
import { account } from '../store/rows.ts'
import type { Chance } from './chance.ts'

/** How the banks really are, and what Plaid says when it is asked. */
export interface TrueItem {
  readonly itemId: string
  readonly accounts: readonly Account[]
  trouble: keyof typeof shown | null
  /** Plaid has said that the permission is gone, so the data had to go. */
  wasToldRevoked: boolean
}

/** What a person must be shown in the end, by Plaid's code. */
export const shown = {
  ITEM_LOGIN_REQUIRED: 'needs_reauth',
  ITEM_LOCKED: 'bank_issue',
  ITEM_NOT_SUPPORTED: 'expired',
  USER_PERMISSION_REVOKED: 'revoked',
} as const satisfies Record<string, Status>

const codes = ['ITEM_LOGIN_REQUIRED', 'ITEM_LOCKED', 'ITEM_NOT_SUPPORTED', 'USER_PERMISSION_REVOKED'] as const

/** One webhook as Plaid means to send it. */
export interface Sent {
  readonly itemId: string
  readonly at: number
  readonly kind: 'health' | 'warning' | 'new accounts' | 'new data' | 'account revoked'
  readonly accountId: string | null
  readonly body: Readonly<Record<string, unknown>>
}

export function trueItems(count: number): TrueItem[] {
  return Array.from({ length: count }, (_, n) => {
    const itemId = `item-${n}`
    const accounts = [0, 1, 2].map((m) => account({ itemId, accountId: `${itemId}-account-${m}` }))
    return { itemId, accounts, trouble: null, wasToldRevoked: false }
  })
}

/** The answer to `/item/get`; one in twenty gets none while `isFlaky`. */
export function answerOf(item: TrueItem, chance: Chance, isFlaky: boolean): ItemState {
  if (isFlaky && chance.next() < 0.05) throw new CofferError('PLAID_UNREACHABLE', 'made up')
  if (item.trouble === 'USER_PERMISSION_REVOKED') item.wasToldRevoked = true
  return {
    itemId: item.itemId,
    institutionId: 'ins_1',
    institution: 'First Bank',
    error: item.trouble,
    products: ['transactions'],
    consentedProducts: [],
    consentExpirationTime: null,
    lastUpdate: null,
    webhook: null,
    lastWebhook: null,
  }
}

/** Something happens to an Item, and Plaid tells of it. */
export function happen(item: TrueItem, at: number, chance: Chance, number: number): Sent {
  const { itemId } = item
  const sent = { itemId, at, accountId: null }
  const item_ = (code: string, more = {}) => bodyOf('ITEM', code, { item_id: itemId, ...more })
  switch (chance.between(0, 9)) {
    case 0:
      return { ...sent, kind: 'new accounts', body: item_('NEW_ACCOUNTS_AVAILABLE') }
    case 1: {
      const disconnect_time = new Date(at + number * 60_000).toISOString()
      return { ...sent, kind: 'warning', body: item_('PENDING_DISCONNECT', { disconnect_time }) }
    }
    case 2: {
      const accountId = item.accounts[chance.between(0, 1)]?.accountId ?? ''
      const body = item_('USER_ACCOUNT_REVOKED', { account_id: accountId })
      return { ...sent, kind: 'account revoked', accountId, body }
    }
    case 3:
    case 4:
    case 5: {
      const body = bodyOf('TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', { item_id: itemId })
      return { ...sent, kind: 'new data', body }
    }
    default:
      return { ...sent, kind: 'health', body: item_(...changed(item, chance)) }
  }
}

/** A login that works breaks in some way; one that does not works again. */
function changed(item: TrueItem, chance: Chance): [string, object?] {
  if (item.trouble !== null) {
    item.trouble = null
    return ['LOGIN_REPAIRED']
  }
  const code = chance.one(codes)
  item.trouble = code
  if (code === 'USER_PERMISSION_REVOKED') return [code]
  return ['ERROR', { error: { error_type: 'ITEM_ERROR', error_code: code } }]
}

function bodyOf(webhook_type: string, webhook_code: string, more: object) {
  return { webhook_type, webhook_code, environment: 'sandbox', ...more }
}
