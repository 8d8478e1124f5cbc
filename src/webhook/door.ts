import { getRequestListener } from '@hono/node-server'
import type { ListenerDeps } from './index.ts'
import { createInboxWriter } from './inbox-writer.ts'
import { createWebhookKeys } from './keys.ts'
import { answerHeaders, createApp } from './listener.ts'
import { createReceiver } from './receiver.ts'
import { createRoom } from './room.ts'
import type { Door } from './serve.ts'
import { createTally } from './tally.ts'
import { createVerifier } from './verify.ts'

/** Everything that a request meets. */
export function createDoor(deps: ListenerDeps): Door {
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
  return getRequestListener(
    createApp({ receive, hasRoom, tally, webhookUrl, databaseId: store.databaseId }).fetch,
    {
      overrideGlobalObjects: false,
      // sockets.ts does it, and reads less.
      autoCleanupIncoming: false,
      // What cannot even be made a request of, such as a Host that is none.
      errorHandler: () => new Response('no', { status: 400, headers: answerHeaders }),
    },
  )
}
