import { cancelled } from './failure.ts'

export interface Ticket {
  /** Calls with the same lane go one after the other. */
  readonly lane?: string | undefined
  /** Calls with the same key at the same time are one call. */
  readonly share?: string | undefined
  /** Nobody joins once the call is under way: its answer would be to an older question. */
  readonly closesAtDeparture?: boolean
  /** Leaves the call; it is stopped only when everybody has left. */
  readonly signal?: AbortSignal | undefined
}

interface Flight<T> {
  readonly landed: Promise<T>
  readonly stop: AbortController
  passengers: number
}

type Work<T> = (signal: AbortSignal) => Promise<T>

/** One call in flight per lane, and one for all who ask the same at the same time. */
export function createFlights<T>() {
  const lanes = new Map<string, Promise<unknown>>()
  const shared = new Map<string, Flight<T>>()

  function inLane(lane: string, work: () => Promise<T>): Promise<T> {
    const turn = (lanes.get(lane) ?? Promise.resolve()).then(work)
    const free = turn.then(ignore, ignore)
    lanes.set(lane, free)
    void free.then(() => lanes.get(lane) === free && lanes.delete(lane))
    return turn
  }

  function depart({ lane, share, closesAtDeparture }: Ticket, work: Work<T>): Flight<T> {
    const stop = new AbortController()
    const departed = Promise.withResolvers<void>()
    const fly = () => {
      departed.resolve()
      return work(stop.signal)
    }
    const flight = { landed: lane === undefined ? fly() : inLane(lane, fly), stop, passengers: 0 }
    if (share === undefined) return flight
    const close = () => void (shared.get(share) === flight && shared.delete(share))
    shared.set(share, flight)
    if (closesAtDeparture) void departed.promise.then(close)
    flight.landed.then(close, close)
    // Whoever asks after everybody has left gets a call of its own, not the end of this one.
    stop.signal.addEventListener('abort', close)
    return flight
  }

  /** @throws CofferError CANCELLED, and whatever `work` throws */
  return async function board(ticket: Ticket, work: Work<T>): Promise<T> {
    if (ticket.signal?.aborted) throw cancelled()
    const open = ticket.share === undefined ? undefined : shared.get(ticket.share)
    return await ride(open ?? depart(ticket, work), ticket.signal)
  }
}

async function ride<T>(flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
  flight.passengers += 1
  if (signal === undefined) return await flight.landed
  const left = Promise.withResolvers<never>()
  const leave = () => {
    left.reject(cancelled())
    flight.passengers -= 1
    if (flight.passengers === 0) flight.stop.abort()
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([flight.landed, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function ignore(): void {}
