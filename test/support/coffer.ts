import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { z } from 'zod'
import { finishLink, type Typing } from '../../src/simulator/click.ts'
import { accountHealth } from '../../src/tools/account-health.ts'
import { checkConnection } from '../../src/tools/check-connection.ts'
import { cleanupTokens } from '../../src/tools/cleanup-tokens.ts'
import { connectBank as connectBankTool } from '../../src/tools/connect-bank.ts'
import { getCashFlow } from '../../src/tools/get-cash-flow.ts'
import { getHistory } from '../../src/tools/get-history.ts'
import { getPositions } from '../../src/tools/get-positions.ts'
import { getUpcoming } from '../../src/tools/get-upcoming.ts'
import { listConnections } from '../../src/tools/list-connections.ts'
import { searchTransactions } from '../../src/tools/search-transactions.ts'
import { revokeConnection } from '../../src/tools/revoke-connection.ts'
import { setRule } from '../../src/tools/set-rule.ts'
import { reconcileAccount } from '../../src/tools/reconcile-account.ts'
import { startReauth } from '../../src/tools/start-reauth.ts'
import { syncSchedule } from '../../src/tools/sync-schedule.ts'
import { syncSnapshot } from '../../src/tools/sync-snapshot.ts'
import { tokenAnalytics } from '../../src/tools/token-analytics.ts'
import { faultsOfFailure, faultsOfSuccess } from './contract.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts'

/** What each tool promises; every answer in the tests is held to it. */
const results = {
  list_connections: listConnections.output,
  connect_bank: connectBankTool.output,
  start_reauth: startReauth.output,
  check_connection: checkConnection.output,
  revoke_connection: revokeConnection.output,
  sync_snapshot: syncSnapshot.output,
  get_positions: getPositions.output,
  get_cash_flow: getCashFlow.output,
  search_transactions: searchTransactions.output,
  get_upcoming: getUpcoming.output,
  set_rule: setRule.output,
  reconcile_account: reconcileAccount.output,
  account_health: accountHealth.output,
  sync_schedule: syncSchedule.output,
  get_history: getHistory.output,
  token_analytics: tokenAnalytics.output,
  cleanup_tokens: cleanupTokens.output,
} as const
type ToolName = keyof typeof results
export type Results = { [N in ToolName]: z.output<(typeof results)[N]> }

export const script = join(import.meta.dirname, '../../dist/bin.js')

/** For Node, before the program: its clock is then off by `CLOCK_OFFSET_MS`. */
export const ownClock = ['--import', join(import.meta.dirname, 'clock.mjs')]

/** A household of its own for one test: a data directory, a simulator, and copies of the built server on them. */
export interface Household extends AsyncDisposable {
  readonly simulator: Simulator
  readonly home: string
  readonly env: Record<string, string>
  /** A real client on a real process. */
  start(env?: Record<string, string>): Promise<Copy>
}

export interface Copy {
  readonly client: Client
  readonly pid: number
  /** Everything that the process wrote to stderr. */
  readonly stderr: () => string
  /** The structured result; throws with the error's text when the tool failed. */
  call<N extends ToolName>(name: N, args?: object): Promise<Results[N]>
  /** The text of a call that must fail. */
  failure(name: string, args?: object): Promise<string>
  close(): Promise<void>
}

export function emptyHome(): string {
  return mkdtempSync(join(tmpdir(), 'coffer-test-'))
}

export function baseEnv(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    COFFER_HOME: join(home, 'data'),
    COFFER_KEY: `file:${join(home, 'test.key')}`,
    COFFER_OPEN: 'off',
    // Tests run side by side.
    COFFER_PORT: '0',
    // Nothing is fetched by itself while requests are counted.
    COFFER_SYNC_CRON: '0 0 29 2 *',
    COFFER_CLEANUP_CRON: '0 0 29 2 *',
  }
}

export async function household(options: SimulatorOptions = {}): Promise<Household> {
  const home = emptyHome()
  const simulator = await startSimulator({ readyAfterMs: 0, ...options })
  const env = {
    ...baseEnv(home),
    PLAID_CLIENT_ID: simulator.clientId,
    PLAID_SECRET: simulator.secret,
    PLAID_BASE_URL: simulator.url,
  }
  const copies: Copy[] = []
  return {
    simulator,
    home,
    env,
    async start(more = {}) {
      const copy = await startCopy({ ...env, ...more })
      copies.push(copy)
      return copy
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(copies.map((copy) => copy.close().catch(() => undefined)))
      await simulator.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** `under`: a program, with its arguments, that runs the server and looks on. `program`: what Node is started with. */
export async function startCopy(
  env: Record<string, string>,
  args: readonly string[] = [],
  under: readonly string[] = [],
  program: readonly string[] = [script],
): Promise<Copy> {
  const client = new Client({ name: 'test', version: '1' })
  const [command = process.execPath, ...rest] = [...under, process.execPath, ...program, ...args]
  const transport = new StdioClientTransport({
    command,
    args: rest,
    env,
    stderr: 'pipe',
  })
  let stderr = ''
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await client.connect(transport)
  return {
    client,
    pid: transport.pid ?? 0,
    stderr: () => stderr,
    async call(name, args = {}) {
      const result = await client.callTool({ name, arguments: { ...args } })
      if (result.isError === true) throw new Error(textOf(result))
      mustKeep(name, faultsOfSuccess(result))
      return results[name].parse(result.structuredContent) as never
    },
    async failure(name, args = {}) {
      const result = await client.callTool({ name, arguments: { ...args } })
      mustKeep(name, faultsOfFailure(result))
      return textOf(result)
    },
    close: () => client.close(),
  }
}

function mustKeep(name: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${name} breaks the contract: ${faults.join('; ')}`)
}

function textOf(result: object): string {
  const [block] = (result as { content?: { text?: string }[] }).content ?? []
  return block?.text ?? ''
}

const goodLogin = { username: 'user_good', password: 'pass_good' }

/** connect_bank, the person at the Link page, check_connection; the connected connection. */
export async function connectBank(
  copy: Copy,
  typing: Typing = {},
  args: object = {},
): Promise<NonNullable<Results['check_connection']['connection']>> {
  const link = await copy.call('connect_bank', args)
  const { refusal } = await finishLink(link.url, 'success', {
    institutionId: 'ins_109508',
    ...goodLogin,
    ...typing,
  })
  if (refusal !== null) throw new Error(`the bank refused: ${refusal}`)
  const result = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
  if (result.outcome !== 'connected' || result.connection === undefined)
    throw new Error(`the link is ${result.outcome}`)
  return result.connection
}
