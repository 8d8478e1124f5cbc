import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { script } from '../support/coffer.ts'
import { until } from '../support/until.ts'

/** The server's process with bare pipes: what an MCP client library would hide is seen here. */
export interface Raw extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams
  readonly stdout: () => string
  readonly stderr: () => string
  send(message: object | string): void
  /** The answer to the request with this id. */
  answer(id: number): Promise<Record<string, unknown>>
  /** Exit code, signal, and how long it took from the call on. */
  ended(): Promise<{ code: number | null; signal: string | null; ms: number }>
}

export function startRaw(env: Record<string, string>): Raw {
  const child = spawn(process.execPath, [script], { env })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  // A write to a process that has just ended is no failure of the test.
  child.stdin.on('error', () => undefined)
  let exit: { code: number | null; signal: string | null } | null = null
  child.once('exit', (code, signal) => (exit = { code, signal }))

  return {
    child,
    stdout,
    stderr,
    send: (message) =>
      void child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    async answer(id) {
      const find = () => linesOf(stdout()).find((line) => line.id === id)
      await until(() => find() !== undefined)
      return find() ?? {}
    },
    async ended() {
      const start = Date.now()
      await until(() => exit !== null)
      return { code: exit?.code ?? null, signal: exit?.signal ?? null, ms: Date.now() - start }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await until(() => exit !== null)
    },
  }
}

/** Every finished line, parsed; throws at the first that is not JSON. */
export function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}

export const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  },
}
export const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }

export function callOf(id: number, name: string, args: object = {}, meta: object = {}): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, ...meta } }
}
