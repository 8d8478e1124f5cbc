import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { acquireLock, type Lock } from '../lock.ts'
import type { PlaidKeys } from '../plaid-keys.ts'
import { Secret } from '../secret.ts'
import { type Simulator, startSimulator } from './index.ts'

/** A Plaid to talk to. */
export interface Upstream {
  /** Where it is; may change while we run. */
  readonly baseUrl: () => Promise<string>
  readonly keys: () => Promise<PlaidKeys>
  close(): Promise<void>
}

const clientId = 'demo-client'
const secret = 'demo-secret'
const pollMs = 500
const patienceMs = 10_000

/**
 * The demo's banks, shared by all copies on one data directory: whoever holds the lock runs the simulator,
 * on the same port and with the same state as the one before, and the others find it by the port file.
 */
export function demoUpstream(home: string): Upstream {
  const portFile = join(home, 'simulator.port')
  let hosted: { simulator: Simulator; lock: Lock } | null = null
  let trying: Promise<void> | null = null
  let closed = false

  async function tryToHost(): Promise<void> {
    const lock = closed ? null : await acquireLock(join(home, 'simulator.lock'))
    if (lock === null) return
    try {
      const simulator = await start(home, readPort(portFile))
      writeFileSync(portFile, String(simulator.port), { mode: 0o600 })
      hosted = { simulator, lock }
    } catch (error) {
      lock.release()
      throw error
    }
  }

  async function ensure(): Promise<void> {
    if (hosted !== null) return
    trying ??= tryToHost().finally(() => (trying = null))
    await trying
  }

  // A person may be in a Link page when the process that served it ends.
  const timer = setInterval(() => void ensure().catch(() => undefined), pollMs).unref()

  return {
    keys: async () => ({ clientId, secret: new Secret(secret) }),
    async baseUrl() {
      for (let waited = 0; ; waited += 50) {
        await ensure()
        const port = hosted?.simulator.port ?? readPort(portFile)
        if (port !== 0) return `http://127.0.0.1:${port}`
        if (waited >= patienceMs) throw new Error('the process that has the simulator does not start it')
        await sleep(50)
      }
    },
    async close() {
      closed = true
      clearInterval(timer)
      await trying?.catch(() => undefined)
      await hosted?.simulator.close()
      hosted?.lock.release()
    },
  }
}

async function start(home: string, port: number): Promise<Simulator> {
  const options = {
    clientId,
    secret,
    stateFile: join(home, 'simulator.json'),
    readyAfterMs: 0,
    webhookClock: 'machine' as const,
  }
  try {
    return await startSimulator({ ...options, port })
  } catch {
    // A stranger took the port meanwhile; pages that are open there are lost, the banks are not.
    return await startSimulator({ ...options, port: 0 })
  }
}

function readPort(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8')) || 0
  } catch {
    return 0
  }
}
