import { randomUUID } from 'node:crypto'
import { createBankCache } from './bank-cache.ts'
import { type Call, createControls } from './controls.ts'
import { createFaultQueue } from './faults.ts'
import { uuidOf } from './ids.ts'
import type { Simulator, SimulatorOptions } from './index.ts'
import { createLimiter } from './limits.ts'
import { bankDataOf } from './login.ts'
import { listen } from './server.ts'
import { openStateFile } from './state-file.ts'
import { createCourier } from './delivery/courier.ts'
import { currentKey } from './delivery/keys.ts'
import { defaultSettings, type Settings, type State } from './state.ts'
import { createWorld } from './world.ts'

/** Old calls are forgotten, so that a simulator may run for weeks. */
const CALLS_KEPT = 10_000

export async function start(options: SimulatorOptions): Promise<Simulator> {
  const now = options.now ?? Date.now
  const file = openStateFile(options.stateFile)
  const state = resumed(file.load() ?? newState(options.seed ?? randomUUID()), options)
  const bankData = createBankCache(bankDataOf)
  const world = createWorld({ state, environment: options.environment ?? 'sandbox', now, bankData })
  const calls: Call[] = []
  const faults = createFaultQueue()
  const courier = createCourier(world, () => file.save(state))
  world.courier = courier
  const controls = createControls({ world, faults, calls, courier })
  const save = () => {
    file.save(state)
    courier.wake()
  }
  const record = (call: Call) => {
    calls.push(call)
    if (calls.length > CALLS_KEPT) calls.shift()
  }
  const limiter = createLimiter(() => world.now())
  const onExchange = options.onExchange ?? (() => undefined)
  const parts = { world, faults, limiter, record, save, onExchange }
  currentKey(world)
  const server = await listen(options.port ?? 0, parts, controls)
  world.url = `http://127.0.0.1:${server.port}`
  // What was not yet delivered when the one before ended goes out now.
  save()
  const close = () => {
    courier.close()
    return server.close()
  }
  return {
    url: world.url,
    port: server.port,
    clientId: state.clientId,
    secret: state.secret,
    controls,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function newState(seed: string): State {
  return {
    version: 1,
    seed,
    clientId: uuidOf(seed, 'client').replaceAll('-', '').slice(0, 24),
    secret: uuidOf(seed, 'secret').replaceAll('-', '').slice(0, 30),
    idsGiven: 0,
    clockOffsetMs: 0,
    settings: defaultSettings,
    items: {},
    accessTokens: {},
    publicTokens: {},
    links: {},
    webhookKeys: [],
    webhooks: [],
    outbox: [],
  }
}

/** What was stored, save for what this start asks for. */
function resumed(state: State, options: SimulatorOptions): State {
  const { clientId = state.clientId, secret = state.secret } = options
  return {
    ...state,
    clientId,
    secret,
    settings: { ...defaultSettings, ...state.settings, ...settingsIn(options) },
  }
}

function settingsIn(options: SimulatorOptions): Partial<Settings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in defaultSettings))
}
