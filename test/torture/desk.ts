import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { createHealthKeeper } from '../../src/connections/health.ts'
import { createHear, needsCheck } from '../../src/connections/hear.ts'
import { isOlder } from '../../src/connections/sent-at.ts'
import { createMove } from '../../src/connections/move.ts'
import { createInboxWorker } from '../../src/jobs/inbox.ts'
import { createPulls } from '../../src/jobs/pulls.ts'
import { silentLog } from '../../src/log.ts'
import { translateCode } from '../../src/plaid/index.ts'
import type { Plaid } from '../../src/plaid/operations.ts'
import { openStore } from '../../src/store/index.ts'
import { createInboxWriter } from '../../src/webhook/inbox-writer.ts'
import { createReceiver } from '../../src/webhook/receiver.ts'
import { createTally } from '../../src/webhook/tally.ts'
import { connection } from '../store/rows.ts'
import type { Chance } from './chance.ts'
import { answerOf, type TrueItem } from './truth.ts'

/** A webhook as it arrives; `iat` in unix seconds. */
export interface Arrival {
  readonly body: Buffer
  readonly iat: number
}

/** Everything behind the check of the signature, on a store and a clock of its own; only Plaid's answers are made up. */
export async function openDesk(items: readonly TrueItem[], chance: Chance, home: string, start: number) {
  let time = start
  let isFlaky = true
  const now = () => time
  const iso = (ms = time) => new Date(ms).toISOString()
  const store = await openStore({ home, now })
  for (const { itemId, accounts } of items) {
    await store.connections.insert(connection({ itemId, newAccounts: false, lastSyncedAt: null }), 'sealed')
    await store.accounts.replace(itemId, accounts)
  }
  const trueItem = new Map(items.map((item) => [item.itemId, item]))
  let checks = 0
  const plaid = {
    async item(itemId: string) {
      checks += 1
      await breathe()
      const item = trueItem.get(itemId)
      if (item === undefined) throw new TypeError('no such Item')
      return answerOf(item, chance, isFlaky)
    },
  }
  const move = createMove(store)
  // Checks ask for nothing else.
  const health = createHealthKeeper({ store, plaid: plaid as unknown as Plaid, now, move, translateCode })
  const hear = createHear({ store, environment: 'sandbox', now, translateCode, move })
  const worker = createInboxWorker({ store, now, log: silentLog, hear, needsCheck, check: health.check })
  const receive = createReceiver({
    store,
    environment: 'sandbox',
    forwardSecret: null,
    trustForwarder: false,
    verify: async (iat, body) => ({
      ok: true,
      proof: { kid: 'made-up', iat: Number(iat), bodyHash: createHash('sha256').update(body).digest('hex') },
    }),
    write: createInboxWriter(store.inbox, worker.wake),
    tally: createTally({ now, log: silentLog }),
    now,
    log: silentLog,
  })
  return {
    store,
    now,
    iso,
    health,
    worker,
    checks: () => checks,
    receive: ({ body, iat }: Arrival) => receive({ rawHeaders: ['plaid-verification', String(iat)], body }),
    setTime: (ms: number) => void (time = ms),
    plaidIsBack: () => void (isFlaky = false),
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** Syncs that take until the next step, as the leader starts them; when each began, by Item. */
export function startSyncs({ store, now, iso }: Desk) {
  const began = new Map<string, number[]>()
  const running: { readonly itemId: string; readonly at: string }[] = []
  const round = createPulls({
    store,
    environment: 'sandbox',
    now,
    pull(itemId) {
      began.set(itemId, [...(began.get(itemId) ?? []), now()])
      running.push({ itemId, at: iso() })
    },
  })
  return {
    began,
    round,
    async finish() {
      for (const { itemId, at } of running.splice(0)) {
        await store.connections.change(itemId, (row) => {
          const isServed = row.dirtySince !== null && isOlder(row.dirtySince, at)
          return { ...row, lastSyncedAt: at, dirtySince: isServed ? null : row.dirtySince }
        })
      }
    },
  }
}
