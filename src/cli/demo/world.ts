import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../config.ts'
import { CofferError } from '../../errors.ts'
import { silentLog } from '../../log.ts'
import { finishLink } from '../../simulator/click.ts'
import { startSimulator } from '../../simulator/index.ts'

/** Where the story is told: the simulator, or Plaid's own Sandbox. */
export interface World {
  readonly name: string
  /** What the server is started with. */
  readonly env: Record<string, string>
  /** Logs in at the bank on the Link page, or has the person do it. */
  logIn(url: string, institutionId?: string): Promise<void>
  /** How long a person may take for that. */
  readonly patienceMs: number
  /** Makes the bank want a new login. */
  breakLogin(itemId: string): Promise<void>
  close(): Promise<void>
}

export async function simulatedWorld(env: NodeJS.ProcessEnv): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'coffer-demo-'))
  const simulator = await startSimulator({ readyAfterMs: 0 })
  return {
    name: `simulator at ${simulator.url}`,
    env: {
      ...serverEnv(env, home),
      PLAID_CLIENT_ID: simulator.clientId,
      PLAID_SECRET: simulator.secret,
      PLAID_BASE_URL: simulator.url,
    },
    async logIn(url, institutionId) {
      const bank = institutionId === undefined ? {} : { institutionId }
      const { refusal } = await finishLink(url, 'success', {
        ...bank,
        username: 'user_good',
        password: 'pass_good',
      })
      if (refusal !== null) throw new CofferError('PLAID_REJECTED', `The Link page refused: ${refusal}`)
    },
    patienceMs: 20_000,
    async breakLogin(itemId) {
      simulator.controls.resetLogin(itemId)
    },
    async close() {
      await simulator.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The same story with the person's own Sandbox keys: the Link pages are Plaid's, and the person fills them in. */
export async function sandboxWorld(env: NodeJS.ProcessEnv): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'coffer-demo-'))
  const server = { ...serverEnv(env, home), ...keysOf(env), PLAID_ENV: 'sandbox' }
  const config = readConfig({ flags: {}, env: server })
  if (config.keys === null) throw noSandboxKeys()
  return {
    name: "Plaid's Sandbox, with your keys",
    env: server,
    async logIn(url) {
      console.log(
        `\n  Open this page and log in with user_good and pass_good (code 1234 if asked):\n\n  ${url}\n`,
      )
    },
    patienceMs: 10 * 60_000,
    async breakLogin(itemId) {
      const { createApp } = await import('../../app.ts')
      const app = await createApp(config, silentLog)
      try {
        await app.plaid.resetLogin(itemId)
      } finally {
        await app.close()
      }
    },
    async close() {
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The story has a data directory of its own, for which the keychain has none. */
function noSandboxKeys(): CofferError {
  return new CofferError('NOT_CONFIGURED', 'PLAID_CLIENT_ID and PLAID_SECRET are not both set.', {
    fix: 'Set both in this shell, the secret being that of the Sandbox; without --sandbox the story needs none.',
  })
}

function serverEnv(env: NodeJS.ProcessEnv, home: string): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'SystemRoot', 'TEMP', 'COFFER_LOG_LEVEL', 'COFFER_LOG_FILE']
  return {
    ...Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    COFFER_HOME: join(home, 'data'),
    COFFER_KEY: `file:${join(home, 'demo.key')}`,
    COFFER_OPEN: 'off',
  }
}

function keysOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['PLAID_CLIENT_ID', 'PLAID_SECRET', 'PLAID_BASE_URL']
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
