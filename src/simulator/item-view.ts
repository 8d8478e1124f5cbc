import { stageOf } from './bank.ts'
import { isoTime } from './clock.ts'
import { plaidFailure } from './failure.ts'
import { institutionOf } from './institutions.ts'
import { dataTime, troubleOf, type Trouble } from './items.ts'
import type { ItemState } from './state.ts'
import type { World } from './world.ts'

const UPDATE_EVERY_MS = 6 * 3_600_000

/** Plaid's `item` object. */
export function itemView(world: World, item: ItemState) {
  const institution = institutionOf(item.institutionId)
  const billed = Object.keys(item.products)
  const trouble = troubleOf(world, item)
  return {
    item_id: item.itemId,
    institution_id: item.institutionId,
    institution_name: institution?.name ?? null,
    // Empty and not null where there is none, as the real Sandbox answers.
    webhook: item.webhook ?? '',
    auth_method: null,
    error: trouble === null ? null : errorView(trouble),
    available_products: (institution?.products ?? []).filter((product) => !billed.includes(product)),
    billed_products: billed,
    products: billed,
    consented_products: item.consented,
    consent_expiration_time: item.consentEndsAt === null ? null : isoTime(item.consentEndsAt),
    update_type: 'background',
    created_at: isoTime(item.createdAt),
  }
}

/** Plaid's `status` object beside the Item: when its data came in. */
export function statusView(world: World, item: ItemState) {
  const { lastWebhook } = item
  return {
    ...updatesOf(world, item, 'transactions'),
    ...updatesOf(world, item, 'investments'),
    last_webhook:
      lastWebhook === null ? null : { sent_at: isoTime(lastWebhook.at), code_sent: lastWebhook.code },
  }
}

/** An error as an Item or a webhook carries it. */
export function errorView({ code, reason }: Pick<Trouble, 'code' | 'reason'>) {
  const { body, status } = plaidFailure(code)
  return { ...body, error_code_reason: reason, causes: [], status }
}

/** When Plaid last fetched a product, in ms; null before the first time. Plaid asks a bank about four times a day. */
export function lastUpdate(world: World, item: ItemState, product: string): number | null {
  const begun = item.products[product]
  if (begun === undefined || stageOf(world, item, product) === 0) return null
  const tick = Math.floor(dataTime(world, item) / UPDATE_EVERY_MS) * UPDATE_EVERY_MS
  return Math.max(tick, begun + world.state.settings.readyAfterMs)
}

function updatesOf(world: World, item: ItemState, product: 'transactions' | 'investments') {
  if (item.products[product] === undefined) return {}
  const last = lastUpdate(world, item, product)
  const trouble = troubleOf(world, item)
  const updates = {
    last_successful_update: last === null ? null : isoTime(last),
    last_failed_update: trouble === null ? null : isoTime(trouble.since),
  }
  return { [product]: updates }
}
