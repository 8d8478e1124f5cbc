import type { Connection } from '../../src/model.ts'
import type { Controls } from '../../src/simulator/index.ts'
import type { Store } from '../../src/store/store.ts'

/** One webhook and the effect that it must have once it was answered. */
export interface Happening {
  readonly kind: keyof typeof firings
  readonly itemId: string
  readonly webhookId: string
  /** In ms by the simulator's clock. */
  readonly at: number
  /** Has it taken effect? */
  readonly isIn: (row: Connection) => boolean
  /** Must `/item/get` have been asked since? */
  readonly isConfirmed: boolean
}

interface Fired {
  readonly isIn: (row: Connection) => boolean
  readonly isConfirmed?: boolean
}

function loginRequired(number: number) {
  const error_code = 'ITEM_LOGIN_REQUIRED'
  return { error: { error_type: 'ITEM_ERROR', error_code, error_message: `made up, ${number}` } }
}

/**
 * What may happen to an Item, each with a mark in the database that nothing else leaves there. `number` is another one
 * each time.
 */
const firings = {
  /** It breaks, and the next time it is mended. */
  toggle(controls: Controls, itemId: string, number: number): Fired {
    const isBroken = controls.items().find((item) => item.itemId === itemId)?.trouble !== null
    // The same words within one second would be a repetition, so they are sent with a number.
    controls.set({ webhookDelivery: false })
    if (isBroken) controls.repairItem(itemId)
    else controls.resetLogin(itemId)
    controls.set({ webhookDelivery: true })
    const told = isBroken ? { code: 'LOGIN_REPAIRED', number } : { code: 'ERROR', ...loginRequired(number) }
    controls.sendWebhook(itemId, { type: 'ITEM', ...told })
    return { isIn: ({ status }) => status === (isBroken ? 'active' : 'needs_reauth') }
  },
  /** Something is said of it that is not so: only Plaid's own answer shows that. */
  falseAlarm(controls: Controls, itemId: string, number: number): Fired {
    controls.sendWebhook(itemId, { type: 'ITEM', code: 'ERROR', ...loginRequired(number) })
    return { isIn: ({ status }) => status === 'active' }
  },
  /** The bank warns, each time of another moment. */
  warning(controls: Controls, itemId: string, number: number): Fired {
    const deadline = new Date(Date.UTC(2099, 0, 1) + number * 1_000).toISOString()
    controls.sendWebhook(itemId, { type: 'ITEM', code: 'PENDING_DISCONNECT', disconnect_time: deadline })
    return { isIn: (row) => row.deadline !== null && Date.parse(row.deadline) >= Date.parse(deadline) }
  },
  newAccounts(controls: Controls, itemId: string, number: number): Fired {
    controls.sendWebhook(itemId, { type: 'ITEM', code: 'NEW_ACCOUNTS_AVAILABLE', error: null, number })
    return { isIn: (row) => row.newAccounts }
  },
  newData(controls: Controls, itemId: string, number: number): Fired {
    controls.sendWebhook(itemId, { type: 'TRANSACTIONS', code: 'SYNC_UPDATES_AVAILABLE', number })
    return { isIn: ({ dirtySince }) => dirtySince !== null, isConfirmed: false }
  },
} satisfies Record<string, (controls: Controls, itemId: string, number: number) => Fired>

export type Kind = keyof typeof firings

/** Two toggles, so that with them alone the order in which Items come differs. */
export const kinds = [
  'toggle',
  'toggle',
  'falseAlarm',
  'warning',
  'warning',
  'newAccounts',
  'newData',
  'newData',
] as const satisfies readonly Kind[]

export function fire(controls: Controls, kind: Kind, itemId: string, number: number): Happening {
  const at = controls.now()
  const { isIn, isConfirmed = true } = firings[kind](controls, itemId, number)
  const webhookId = controls.webhooks().at(-1)?.id ?? ''
  return { kind, itemId, webhookId, at, isIn, isConfirmed }
}

/** Those of the happenings that an attempt was answered 200 for. */
export function answeredOf(controls: Controls, all: readonly Happening[]): Happening[] {
  const ids = new Set(
    controls
      .deliveries()
      .slice(-200)
      .flatMap(({ status, webhookId }) => (status === 200 ? [webhookId] : [])),
  )
  return all.filter(({ webhookId }) => ids.has(webhookId))
}

/** Those that have not all of their effect. */
export async function lacking(
  store: Store,
  controls: Controls,
  all: readonly Happening[],
): Promise<Happening[]> {
  const rows = new Map((await store.connections.list()).map((row) => [row.itemId, row]))
  const recent = controls.calls().slice(-500)
  const isAsked = ({ itemId, at }: Happening) =>
    recent.some((call) => call.itemId === itemId && call.path === '/item/get' && call.at >= at)
  return all.filter((one) => {
    const row = rows.get(one.itemId)
    return row === undefined || !one.isIn(row) || (one.isConfirmed && !isAsked(one))
  })
}

/** Takes the marks away that the next ones would not change. */
export async function forgetMarks(store: Store): Promise<void> {
  for (const { itemId } of await store.connections.list()) {
    await store.connections.change(itemId, (row) => ({ ...row, newAccounts: false, dirtySince: null }))
  }
}
