import { type Connections, isOver, type MissedWebhook, missedWebhook } from '../connections/index.ts'
import { codeOf, CofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment, WebhookDelivery } from '../model.ts'
import type { Store } from '../store/store.ts'
import { webhookPath } from '../webhook-path.ts'
import { createBackoff } from './backoff.ts'

export interface AddressDeps {
  readonly store: Pick<Store, 'connections' | 'deliveries'>
  readonly connections: Pick<Connections, 'health'>
  /** Tells Plaid where to send webhooks about an Item; what Plaid then says. */
  readonly updateWebhook: (
    itemId: string,
    url: string,
    signal: AbortSignal,
  ) => Promise<{ readonly webhook: string | null }>
  readonly environment: Environment
  readonly now: () => number
  readonly log: Log
}

const firstPauseMs = 30_000
const longestPauseMs = 30 * 60_000

/**
 * Where Plaid is to send webhooks; null: it is left alone. The banks of the demo are on this computer and reach the
 * listener without a public URL.
 */
export function wantedAddress(
  { demo, webhookUrl }: { readonly demo: boolean; readonly webhookUrl: string | null },
  port: number | null,
): string | null {
  if (webhookUrl !== null) return webhookUrl
  return demo && port !== null ? `http://127.0.0.1:${port}${webhookPath}` : null
}

/** How it stands with the wanted address of one connection; `url` is where Plaid sends now, null: nowhere. */
export type Delivering = { readonly url: string | null } & (
  | { readonly state: 'not_wanted' | 'told' | 'to_tell' }
  | { readonly state: 'missed'; readonly missed: MissedWebhook }
  | { readonly state: 'refused'; readonly code: string }
)

/** What was last heard of it; Plaid is not asked. */
export function deliveringOf(
  delivery: WebhookDelivery | undefined,
  wanted: string | null,
  now: number,
): Delivering {
  const { url = null, updateError = null } = delivery ?? {}
  if (wanted === null) return { state: 'not_wanted', url }
  const missed = delivery === undefined ? null : missedWebhook(delivery, wanted, now)
  if (missed !== null) return { state: 'missed', url, missed }
  if (url === wanted) return { state: 'told', url }
  return updateError === null ? { state: 'to_tell', url } : { state: 'refused', url, code: updateError }
}

/** A dead connection sends nothing, and one that is being removed soon will not. */
export const isLeftAlone = isOver

/** Tells Plaid the wanted address for every living connection that it sends elsewhere for. */
export function createAddresses(deps: AddressDeps) {
  const { store, connections, environment, now, log } = deps
  const backoff = createBackoff(firstPauseMs, longestPauseMs, now)

  /** One that was never told is asked about first: it may be right already. */
  async function known(itemId: string, signal: AbortSignal): Promise<WebhookDelivery | undefined> {
    const rowOf = async () => (await store.deliveries.list()).find((row) => row.itemId === itemId)
    const row = await rowOf()
    if (row !== undefined) return row
    await connections.health.check(itemId, signal)
    return await rowOf()
  }

  async function tell(itemId: string, url: string, signal: AbortSignal): Promise<void> {
    if ((await known(itemId, signal))?.url === url) return
    // That this fails says nothing of the login: the check does.
    const { webhook } = await deps.updateWebhook(itemId, url, signal)
    if (webhook !== url)
      throw new CofferError('PLAID_REJECTED', 'Plaid did not take the address for webhooks.')
    await store.deliveries.change(itemId, (row) => ({ ...row, url, updateError: null }))
    log.info('webhook.address_updated')
  }

  async function tryToTell(itemId: string, url: string, signal: AbortSignal): Promise<void> {
    try {
      await tell(itemId, url, signal)
      backoff.succeeded(keyOf(itemId, url))
    } catch (error) {
      if (signal.aborted) return
      backoff.failed(keyOf(itemId, url))
      const updateError = codeOf(error)
      log.warn('webhook.address_failed', { code: updateError })
      await store.deliveries.change(itemId, (row) => ({ ...row, updateError }))
    }
  }

  return async (url: string | null, signal: AbortSignal): Promise<void> => {
    if (url === null) return
    const urls = new Map((await store.deliveries.list()).map((row) => [row.itemId, row.url]))
    const elsewhere = ({ itemId }: Connection) =>
      urls.get(itemId) !== url && backoff.isDue(keyOf(itemId, url))
    const all = await store.connections.list()
    const mine = all.filter((row) => row.environment === environment && !isLeftAlone(row))
    for (const { itemId } of mine.filter(elsewhere)) {
      if (signal.aborted) return
      await tryToTell(itemId, url, signal)
    }
  }
}

/** Another address is tried at once, whatever became of the last one. */
function keyOf(itemId: string, url: string): string {
  return `${itemId} ${url}`
}
