import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../world.ts'
import type { Ledger } from './ledger.ts'
import { letterOf } from './letter.ts'
import type { Parcel } from './parcel.ts'
import { post } from './post.ts'

/** Brings parcels to their URLs, those of one URL in order. */
export interface Sender {
  /** Starts what is due. */
  start(): void
  /** Ms by the simulator's clock when something will be due; Infinity for never. */
  nextDue(): number
  isBusy(): boolean
  /** Ends every attempt under way; it stays to be sent. */
  close(): void
}

/** Webhooks arrive in order as long as the receiver is quick; a slow one holds up nobody. */
const HEAD_START_MS = 500

export function createSender(world: World, ledger: Ledger, onAttempt: () => void): Sender {
  const closing = new AbortController()
  const inFlight = new Set<Parcel>()
  const lanes = new Set<string>()

  const isDue = ({ dueAt }: Parcel) => dueAt !== null && dueAt <= world.now()
  const isOn = () => world.state.settings.webhookDelivery && !closing.signal.aborted

  async function drain(url: string): Promise<void> {
    while (isOn()) {
      const parcel = world.state.outbox.find((one) => one.url === url && isDue(one) && !inFlight.has(one))
      if (parcel === undefined) break
      await Promise.race([deliver(parcel), sleep(HEAD_START_MS, undefined, { ref: false })])
    }
  }

  async function deliver(parcel: Parcel): Promise<void> {
    inFlight.add(parcel)
    const at = world.now()
    try {
      const letter = letterOf(world, parcel)
      const timeoutMs = world.state.settings.webhookTimeoutMs
      const outcome = await post(parcel.url, letter, { timeoutMs, closing: closing.signal })
      // The simulator's own end says nothing about the receiver.
      if (closing.signal.aborted) return
      ledger.noteAttempt(parcel, { at, kid: letter.kid }, outcome)
    } finally {
      inFlight.delete(parcel)
    }
    onAttempt()
  }

  return {
    start() {
      if (!isOn()) return
      const due = world.state.outbox.filter((parcel) => isDue(parcel) && !inFlight.has(parcel))
      for (const url of new Set(due.map((parcel) => parcel.url))) {
        if (lanes.has(url)) continue
        lanes.add(url)
        // A state file that cannot be written is told by the next call to the API.
        drain(url)
          .catch(() => undefined)
          .finally(() => lanes.delete(url))
      }
    },
    nextDue() {
      if (!isOn()) return Infinity
      const later = world.state.outbox.filter((parcel) => !isDue(parcel))
      return Math.min(Infinity, ...later.map(({ dueAt }) => dueAt ?? Infinity))
    },
    isBusy: () => lanes.size > 0 || inFlight.size > 0,
    close: () => closing.abort(),
  }
}
