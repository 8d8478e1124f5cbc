import type { Log } from '../log.ts'
import type { Environment } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import { createInboxWriter } from './inbox-writer.ts'
import { createWebhookKeys } from './keys.ts'
import { createApp } from './listener.ts'
import { createReceiver } from './receiver.ts'
import { createRoom } from './room.ts'
import { type Listener, serve } from './serve.ts'
import { createTally } from './tally.ts'
import { createVerifier } from './verify.ts'

export type { Listener } from './serve.ts'

export interface ListenerDeps {
  readonly store: Store
  readonly plaid: Pick<Plaid, 'webhookKey'>
  readonly environment: Environment
  readonly forwardSecret: Secret | null
  readonly trustForwarder: boolean
  /** Its host is let in besides loopback. */
  readonly webhookUrl: string | null
  readonly now: () => number
  readonly log: Log
  /** Called after each webhook that is on the disk. */
  readonly onStored: () => void
}

/**
 * Listens on 127.0.0.1 for Plaid's webhooks and nothing else; `port` 0 takes any free one.
 * @throws CofferError PORT_TAKEN when another program has the port
 */
export async function startListener(deps: ListenerDeps, port: number): Promise<Listener> {
  const { store, plaid, now, log, webhookUrl } = deps
  const tally = createTally({ now, log })
  const keys = createWebhookKeys({ plaid, calls: store.calls, now })
  const receive = createReceiver({
    ...deps,
    verify: createVerifier({ keys, now }),
    write: createInboxWriter(store.inbox, deps.onStored),
    tally,
  })
  // A trusted relay has checked the signature: nothing of it waits for a key.
  const hasRoom = deps.trustForwarder ? () => true : createRoom(keys)
  return await serve(createApp({ receive, hasRoom, tally, webhookUrl }), port)
}
