import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { script, startCopy } from '../support/coffer.ts'

/** A copy of the built program that may lead. */
export interface Rival {
  readonly pid: number
  readonly isMcp: boolean
  /** When it said that it leads, in ms since 1970; null while it has not. */
  ledAt(): number | null
  /** Where it says that it listens. */
  port(): number | null
  /** Everything that it has logged. */
  said(): string
  /** Throws unless it answers as an MCP server; a copy without MCP has nothing to answer. */
  serve(): Promise<void>
  /** kill -9 */
  kill(): void
  /** In ms since 1970. */
  killedAt(): number | null
  isAlive(): boolean
  /** Resolves when the process is gone, killed if need be. */
  end(): Promise<void>
}

const talking = { COFFER_LOG_LEVEL: 'info' }

/** A server as a chat client starts it; resolves when it has answered. */
export async function startMcp(env: Record<string, string>): Promise<Rival> {
  const copy = await startCopy({ ...env, ...talking })
  const listTools = async () => {
    const { tools } = await copy.client.listTools()
    if (tools.length === 0) throw new Error('no tools')
  }
  await listTools()
  return {
    ...rival(copy.pid, copy.stderr, async () => await copy.close().catch(() => undefined)),
    isMcp: true,
    async serve() {
      await listTools()
      await copy.call('list_connections')
    },
  }
}

/** `coffer-mcp listen`, as a service manager starts it. */
export async function startListen(env: Record<string, string>): Promise<Rival> {
  const child = spawn(process.execPath, [script, 'listen'], {
    env: { ...env, ...talking },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = once(child, 'close')
  await once(child, 'spawn')
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const { pid = 0 } = child
  return {
    ...rival(
      pid,
      () => said,
      async () => void (await closed),
    ),
    isMcp: false,
    serve: async () => undefined,
  }
}

function rival(pid: number, said: () => string, gone: () => Promise<void>) {
  let killedAt: number | null = null
  const kill = () => {
    if (killedAt !== null) return
    killedAt = Date.now()
    process.kill(pid, 'SIGKILL')
  }
  return {
    pid,
    said,
    ledAt: () => numberIn(said(), /"time":(\d+),[^\n]*"msg":"leader\.started"/),
    port: () => numberIn(said(), /"port":(\d+),[^\n]*"msg":"webhook\.listening"/),
    kill,
    killedAt: () => killedAt,
    isAlive: () => killedAt === null,
    async end() {
      kill()
      await gone()
    },
  }
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

/** The only one of the living that says it leads, and listens; null while there is none. */
export function leaderOf(rivals: readonly Rival[]): Rival | null {
  return rivals.find((one) => one.isAlive() && one.ledAt() !== null) ?? null
}

/** Resolves with what `look` gives when that is no longer null. Looks every 5 ms. */
export async function soon<T>(look: () => T | null, ms = 15_000): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const found = look()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`not so within ${ms} ms`)
    await sleep(5)
  }
}

/** What a listener answers to a webhook that nobody signed; null when nobody answers. */
export async function knock(port: number): Promise<number | null> {
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const url = `http://127.0.0.1:${port}/plaid/webhook`
  const answer = await fetch(url, { method: 'POST', headers, body: '{}' }).catch(() => null)
  await answer?.arrayBuffer()
  return answer?.status ?? null
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
