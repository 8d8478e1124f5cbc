import { passTime } from '../happenings.ts'
import type { QueuedWebhook } from '../state.ts'
import type { World } from '../world.ts'
import { createDisorder, type Disorder } from './disorder.ts'
import { createLedger } from './ledger.ts'
import type { Delivery } from './parcel.ts'
import { createSender } from './sender.ts'

/** Sends what is due and comes again by Plaid's schedule. Nothing waits for it. */
export interface Courier {
  readonly disorder: Disorder
  /** Takes a webhook over; `dueAt` in ms by the simulator's clock. */
  accept(webhook: QueuedWebhook, dueAt: number): void
  /** To be called when anything has changed: the clock, a setting, an Item. */
  wake(): void
  deliveries(): readonly Delivery[]
  /** Waits until nothing that is due is under way. */
  settled(): Promise<void>
  close(): void
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** `save` keeps the state after each attempt. */
export function createCourier(world: World, save: () => void): Courier {
  const disorder = createDisorder(world)
  const ledger = createLedger(world)
  const sender = createSender(world, ledger, () => {
    save()
    wake()
  })
  let isWoken = false
  let isClosed = false
  let alarm: NodeJS.Timeout | undefined

  const isBusy = () => isWoken || sender.isBusy()

  // Later, so that the answer to the call that caused a webhook goes out first.
  function wake(): void {
    if (isWoken || isClosed) return
    isWoken = true
    setImmediate(() => {
      isWoken = false
      if (!isClosed) goOut()
    })
  }

  function goOut(): void {
    const nextHappening = passTime(world)
    sender.start()
    clearTimeout(alarm)
    const next = Math.min(nextHappening, sender.nextDue())
    if (next === Infinity) return
    const wait = Math.min(Math.max(next - world.now(), 1), LONGEST_TIMER_MS)
    alarm = setTimeout(wake, wait).unref()
  }

  return {
    disorder,
    wake,
    deliveries: ledger.deliveries,
    accept(webhook, dueAt) {
      const { settings, outbox } = world.state
      if (!settings.webhookDelivery) return
      const parcels = disorder.parcelsOf(webhook, dueAt + settings.webhookDelayMs)
      if (parcels.length === 0) ledger.noteLoss(webhook)
      outbox.push(...parcels)
      disorder.releaseIfFull()
      wake()
    },
    async settled() {
      while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 1))
    },
    close() {
      isClosed = true
      clearTimeout(alarm)
      sender.close()
    },
  }
}
