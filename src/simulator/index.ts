import type { Exchange } from './api-call.ts'
import type { Controls } from './controls.ts'
import type { Settings } from './state.ts'
import type { Environment } from './world.ts'

export interface SimulatorOptions extends Partial<Settings> {
  /** 0 (the default) takes any free port. */
  port?: number
  /** All ids and tokens come from it; by chance if left out. */
  seed?: string
  clientId?: string
  secret?: string
  /** Where the state is kept over restarts; nowhere if left out. Options given here go before what it holds, save for the seed. */
  stateFile?: string
  environment?: Environment
  /** Ms since 1970. */
  now?: () => number
  /** Sees every request to the API and its answer. */
  onExchange?: (exchange: Exchange) => void
}

export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: Plaid's base URL, and where the Link pages are. */
  readonly url: string
  readonly port: number
  readonly clientId: string
  readonly secret: string
  readonly controls: Controls
  close(): Promise<void>
}

/** Starts a Plaid on this machine. What it is made of is loaded here and not before. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { start } = await import('./start.ts')
  return start(options)
}

export type { Call, Controls, NewAccount } from './controls.ts'
export type { Choice, Click, Typing } from './click.ts'
export type { Exchange } from './api-call.ts'
export type { Delivery, Tampering } from './delivery/parcel.ts'
export type { Fault } from './faults.ts'
