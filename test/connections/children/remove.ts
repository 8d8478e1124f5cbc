/**
 * A copy that removes a connection and kills itself before or after one step of that.
 * COFFER_HOME and the rest come in the environment, as for the real one; CHILD_ORDER is JSON of an `Order`.
 */
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { createRemover } from '../../../src/connections/removal.ts'
import { silentLog } from '../../../src/log.ts'

interface Order {
  readonly itemId: string
  readonly when: 'before' | 'after'
  readonly step: string
}

// The test that starts this writes it.
const { itemId, when, step } = JSON.parse(process.env['CHILD_ORDER'] ?? '{}') as Order

/** The same thing, except that one of its methods ends the process. */
function deadly<T extends object>(thing: T): T {
  return new Proxy(thing, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (name !== step || typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (when === 'before') process.kill(process.pid, 'SIGKILL')
        await Reflect.apply(value, target, args)
        process.kill(process.pid, 'SIGKILL')
      }
    },
  })
}

const config = readConfig({ flags: {}, env: process.env })
const app = await createApp(config, silentLog)
const { store, plaid } = app
const removal = createRemover({
  plaid: deadly(plaid),
  store: { ...store, connections: deadly(store.connections), scrubbing: deadly(store.scrubbing) },
  environment: config.environment,
  now: Date.now,
  newId: () => 'a-tombstone',
  log: silentLog,
})
await removal.remove([['asked', [await app.connections.find(itemId)]]])
