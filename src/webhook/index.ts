import type { Log } from '../log.ts'
import type { Environment } from '../model.ts'
import type { Plaid } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import { type Door, type Listener, serve } from './serve.ts'

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
  let door: Promise<Door> | null = null
  const open = () => {
    door ??= load(deps).catch((error: unknown) => {
      door = null
      throw error
    })
    return door
  }
  return await serve(open, port)
}

/** By the first request: without a public URL none ever comes, and a leader that is idle is to be small. */
async function load(deps: ListenerDeps): Promise<Door> {
  const { createDoor } = await import('./door.ts')
  return createDoor(deps)
}
