import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog } from '../../src/log.ts'
import type { Connection } from '../../src/model.ts'
import { finishLink } from '../../src/simulator/click.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts'
import { baseEnv, emptyHome } from './coffer.ts'

export const bank = 'ins_109508'
export const otherBank = 'ins_109511'
export const brokerage = 'ins_109512'
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The whole program in this process, on a data directory, a simulator and a clock of its own. */
export interface Rooms extends AsyncDisposable {
  readonly simulator: Simulator
  readonly home: string
  /** What a process of its own on the same data is started with. */
  readonly env: Record<string, string>
  /** The first copy. */
  readonly app: App
  readonly now: () => number
  /** Moves the clock of everybody. */
  advance(ms: number): void
  /** One more copy on the same data. */
  open(env?: Record<string, string>): Promise<App>
  /** Connects a bank through its Link page; the item_id. */
  connect(institutionId?: string, more?: Login): Promise<string>
  find(itemId: string): Promise<Connection>
  /** Requests that reached Plaid, by path. */
  calls(path: string): number
}

export interface Login {
  readonly kind?: 'bank' | 'brokerage'
  readonly username?: string
  readonly password?: string
  readonly label?: string
  readonly person?: string
}

/** How far from the real time the clock begins, in ms. */
export type Clock = () => number

/** Tests move the clock by minutes and hours: a day should not end under them. */
const earlyInTheDay: Clock = () => (new Date().getUTCHours() < 16 ? 0 : -12 * hour)

/** For tests in which processes with clocks of their own take part. */
export const realTime: Clock = () => 0

export async function openRooms(
  options: SimulatorOptions = {},
  env: Record<string, string> = {},
  clock: Clock = earlyInTheDay,
): Promise<Rooms> {
  let offset = clock()
  const now = () => Date.now() + offset
  const home = emptyHome()
  const simulator = await startSimulator({ readyAfterMs: 0, now, ...options })
  const shared = { ...envOf(simulator, home), ...env }
  const apps: App[] = []
  const open = async (more: Record<string, string> = {}) => {
    const app = await createApp(readConfig({ flags: {}, env: { ...shared, ...more } }), silentLog, now)
    apps.push(app)
    return app
  }
  const app = await open()
  return {
    simulator,
    home,
    env: shared,
    app,
    now,
    open,
    advance: (ms) => void (offset += ms),
    connect: (institutionId = bank, login = {}) => connect(app, institutionId, login),
    find: (itemId) => app.connections.find(itemId),
    calls: (path) => simulator.controls.calls().filter((call) => call.path === path).length,
    async [Symbol.asyncDispose]() {
      await Promise.all(apps.map((one) => one.close()))
      await simulator.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function envOf(simulator: Simulator, home: string): Record<string, string> {
  return {
    ...baseEnv(home),
    PLAID_CLIENT_ID: simulator.clientId,
    PLAID_SECRET: simulator.secret,
    PLAID_BASE_URL: simulator.url,
  }
}

export function dataDirectory(home: string): string {
  return join(home, 'data')
}

const nobody = { label: null, person: null, replaces: null }

export async function newLink(
  app: App,
  bank: Partial<Parameters<App['connections']['links']['forNewBank']>[0]> = {},
) {
  return await app.connections.links.forNewBank({ kind: 'bank', days: 730, ...nobody, ...bank })
}

export async function logIn(url: string, institutionId?: string, login: Login = {}): Promise<void> {
  const { username = 'user_good', password = 'pass_good' } = login
  const { refusal } = await finishLink(url, 'success', {
    ...(institutionId === undefined ? {} : { institutionId }),
    username,
    password,
  })
  if (refusal !== null) throw new Error(`the bank refused: ${refusal}`)
}

async function connect(app: App, institutionId: string, login: Login): Promise<string> {
  const { kind = 'bank', label = null, person = null } = login
  const { link, url } = await newLink(app, { kind, label, person })
  await logIn(url.open(), institutionId, login)
  const ended = await app.connections.watcher.wait(link.linkId, 15_000)
  if (ended?.state !== 'succeeded' || ended.itemId === null) throw new Error(`the link is ${ended?.state}`)
  return ended.itemId
}
