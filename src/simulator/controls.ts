import type { AccountBase } from 'plaid'
import { type Choice, type Click, clickLink, type Typing } from './click.ts'
import { dayOf, days, isoTime } from './clock.ts'
import { type WebhookControls, webhookControls } from './delivery/controls.ts'
import type { Courier } from './delivery/courier.ts'
import { addTransaction, type NewTransaction, postPending, refreshTransactions } from './dynamic-user.ts'
import type { PlaidErrorCode } from './failure.ts'
import type { Fault, FaultQueue } from './faults.ts'
import { renewLogin } from './items.ts'
import { accountShape, type Plain } from './shapes.ts'
import type { ItemState, QueuedWebhook, Settings } from './state.ts'
import { announceHoldings, announceTransactions } from './updates.ts'
import { queueError, queueItemWebhook, queuePendingDisconnect } from './webhooks.ts'
import type { World } from './world.ts'

/** A request that was made, for tests of limits and of restraint. */
export interface Call {
  readonly path: string
  readonly itemId: string | null
  /** Ms by the simulator's clock. */
  readonly at: number
  readonly status: number
  readonly errorCode: string | null
}

/** How the simulator is driven. Every one of them works by HTTP too: `POST /_simulator/<name>` with `{args}`. */
export interface Controls extends WebhookControls {
  /** ITEM_LOGIN_REQUIRED, as `/sandbox/item/reset_login` does it. */
  resetLogin(itemId: string): void
  /** Any error on the Item, with the ITEM:ERROR webhook. */
  breakItem(itemId: string, code: PlaidErrorCode): void
  /** Mended without our update mode: LOGIN_REPAIRED is sent. */
  repairItem(itemId: string): void
  /** The person took the permission back at Plaid. */
  revoke(itemId: string): void
  revokeAccount(itemId: string, accountId: string): void
  /** A disconnect `inDays` from now; the Item is healthy until then. */
  setPendingDisconnect(itemId: string, inDays?: number): void
  /** Moves `consent_expiration_time` to `inDays` from now and sends PENDING_EXPIRATION. */
  setConsentExpiry(itemId: string, inDays: number): void
  /** A new account at the bank, shared only by update mode with account selection; its id is given back. */
  addAccount(itemId: string, account?: NewAccount): string
  /** A row on the Item's first depository account; amounts in major units with Plaid's sign. */
  addTransaction(itemId: string, row: Partial<NewTransaction> & Pick<NewTransaction, 'amount' | 'text'>): void
  removeTransaction(itemId: string, transactionId: string): void
  postPending(itemId: string): void
  /** What the bank adds in a day: pending rows post, and for the dynamic user new ones come. Announced for every product. */
  refresh(itemId: string): void
  failNext(path: string, fault: Fault, options?: { times?: number; itemId?: string }): void
  set(settings: Partial<Settings>): void
  /** Ms since 1970. What is due by the new clock is sent at once. */
  setClock(ms: number): void
  advance(ms: number): void
  now(): number
  items(): ItemState[]
  calls(): readonly Call[]
  /** Every webhook that came about, sent or not. */
  webhooks(): readonly QueuedWebhook[]
  clickLink(url: string, choice: Choice, typing?: Typing): Promise<Click>
}

export interface NewAccount {
  readonly name: string
  readonly type: Plain<AccountBase['type']>
  readonly subtype: Plain<AccountBase['subtype']>
  /** Major units. */
  readonly balance: number
}

export interface ControlParts {
  readonly world: World
  readonly faults: FaultQueue
  readonly calls: readonly Call[]
  readonly courier: Courier
}

export function createControls({ world, faults, calls, courier }: ControlParts): Controls {
  const itemOf = (itemId: string) => {
    const item = world.state.items[itemId]
    if (item === undefined) throw new TypeError(`the simulator has no Item ${itemId}`)
    return item
  }
  return {
    ...troubleControls(world, itemOf),
    ...dataControls(world, itemOf),
    ...clockControls(world, courier),
    ...webhookControls(world, courier, itemOf),
    failNext: (path, fault, options) => faults.add(path, fault, options),
    set(settings) {
      Object.assign(world.state.settings, settings)
      courier.wake()
    },
    items: () => Object.values(world.state.items).filter(({ removed }) => !removed),
    calls: () => calls,
    webhooks: () => world.state.webhooks,
    clickLink,
  }
}

type Find = (itemId: string) => ItemState

function troubleControls(world: World, itemOf: Find) {
  const breakItem = (itemId: string, code: PlaidErrorCode) => {
    const item = itemOf(itemId)
    item.trouble = { code, since: world.now() }
    queueError(world, item, code === 'USER_PERMISSION_REVOKED' ? code : 'ERROR')
  }
  return {
    breakItem,
    resetLogin: (itemId: string) => breakItem(itemId, 'ITEM_LOGIN_REQUIRED'),
    revoke: (itemId: string) => breakItem(itemId, 'USER_PERMISSION_REVOKED'),
    repairItem(itemId: string) {
      renewLogin(world, itemOf(itemId))
      queueItemWebhook(world, itemOf(itemId), { type: 'ITEM', code: 'LOGIN_REPAIRED' })
    },
    setPendingDisconnect(itemId: string, inDays = 7) {
      itemOf(itemId).disconnectAt = world.now() + days(inDays)
      queuePendingDisconnect(world, itemOf(itemId))
    },
    setConsentExpiry(itemId: string, inDays: number) {
      const consentEndsAt = world.now() + days(inDays)
      itemOf(itemId).consentEndsAt = consentEndsAt
      const consent_expiration_time = isoTime(consentEndsAt)
      queueItemWebhook(world, itemOf(itemId), {
        type: 'ITEM',
        code: 'PENDING_EXPIRATION',
        consent_expiration_time,
      })
    },
  }
}

function dataControls(world: World, itemOf: Find) {
  return {
    revokeAccount(itemId: string, accountId: string) {
      const item = itemOf(itemId)
      item.revokedAccounts.push(accountId)
      queueItemWebhook(world, item, { type: 'ITEM', code: 'USER_ACCOUNT_REVOKED', account_id: accountId })
    },
    addAccount(itemId: string, account: NewAccount = secondSavings) {
      const item = itemOf(itemId)
      const id = world.newId()
      item.newAccounts.push({ account: newAccount(id, account), shared: false })
      queueItemWebhook(world, item, { type: 'ITEM', code: 'NEW_ACCOUNTS_AVAILABLE', error: null })
      return id
    },
    addTransaction(itemId: string, row: Parameters<Controls['addTransaction']>[1]) {
      const today = dayOf(world.now())
      const filled = { date: today, authorized: row.date ?? today, pending: false, ...row }
      addTransaction(world, itemOf(itemId), filled)
      announceTransactions(world, itemOf(itemId), { added: 1 })
    },
    removeTransaction(itemId: string, transactionId: string) {
      itemOf(itemId).edits.push({ kind: 'drop', transactionId })
      announceTransactions(world, itemOf(itemId), { added: 0, removed: [transactionId] })
    },
    postPending: (itemId: string) => void postPending(world, itemOf(itemId)),
    refresh(itemId: string) {
      refreshTransactions(world, itemOf(itemId))
      announceHoldings(world, itemOf(itemId))
    },
  }
}

function clockControls(world: World, courier: Courier) {
  const advance = (ms: number) => {
    world.state.clockOffsetMs += ms
    courier.wake()
  }
  return { advance, setClock: (ms: number) => advance(ms - world.now()), now: () => world.now() }
}

const secondSavings: NewAccount = {
  name: 'Second Savings',
  type: 'depository',
  subtype: 'savings',
  balance: 250,
}

function newAccount(id: string, { name, type, subtype, balance }: NewAccount) {
  return accountShape({ id, name, type, subtype, mask: '7777', current: balance, available: balance })
}
