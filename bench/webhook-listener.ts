// Our listener in a process of its own, on a new data directory with one connection.
//   node webhook-listener.ts DIRECTORY JWK
import { silentLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import { startListener } from '../src/webhook/index.ts'
import { connectionOf } from './rows.ts'

const [home = '', jwk = '{}'] = process.argv.slice(2)
const store = await openStore({ home, now: Date.now })
await store.connections.insert(connectionOf(0), 'sealed')
const { port } = await startListener(
  {
    store,
    plaid: { webhookKey: async () => ({ jwk: JSON.parse(jwk), expiredAt: null }) },
    environment: 'sandbox',
    forwardSecret: null,
    trustForwarder: false,
    webhookUrl: null,
    now: Date.now,
    log: silentLog,
    onStored: () => undefined,
  },
  0,
)
process.send?.(port)
