import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

type Child = ChildProcessByStdio<Writable, Readable, null>
type Env = Readonly<Record<string, string>>

interface Reply {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** A server that was started here, asked line by line with as little around it as can be. */
export interface StdioServer {
  readonly pid: number
  readonly request: (method: string, params?: object) => Promise<unknown>
}

const patienceMs = 30_000

/**
 * Starts `node ARGS`, does the handshake that every host does, and ends the process after `work`. It gets PATH,
 * HOME and `env` only: what is set in this shell must not change a figure.
 */
export async function withServer<T>(
  args: readonly string[],
  env: Env,
  work: (server: StdioServer) => Promise<T>,
): Promise<T> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    const request = requester(child, send)
    await request('initialize', hello)
    send({ method: 'notifications/initialized' })
    return await work({ pid: child.pid ?? 0, request })
  } finally {
    await ended(child)
  }
}

const hello = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
}

function requester(child: Child, send: (message: object) => void): StdioServer['request'] {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  const fail = (why: string) => waiting.forEach(({ reject }) => reject(new Error(why)))
  child.once('exit', (code) => fail(`the server ended with ${code}`))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id = 0, result, error }: Reply = JSON.parse(line)
    if (error) waiting.get(id)?.reject(new Error(error.message))
    else waiting.get(id)?.resolve(result)
    waiting.delete(id)
  })
  let lastId = 0
  return (method, params = {}) => {
    lastId += 1
    const id = lastId
    send({ id, method, params })
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      setTimeout(() => reject(new Error(`${method} was not answered`)), patienceMs).unref()
    })
  }
}

function ended(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const backstop = setTimeout(() => child.kill('SIGKILL'), 3000)
  return new Promise((resolve) => {
    child.once('exit', () => {
      clearTimeout(backstop)
      resolve()
    })
    child.stdin.end()
  })
}
