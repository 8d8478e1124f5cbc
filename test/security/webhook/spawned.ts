import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, onTestFinished } from 'vitest'
import { start } from '../../cli/process.ts'
import { connectBank, type Household, household } from '../../support/coffer.ts'
import { memoryOf } from '../../support/process-figures.ts'
import { until } from '../../support/until.ts'
import { sender } from './sender.ts'
import { answerFor, type Forge, keyPath, newForge } from './target.ts'

/** `coffer-mcp listen` as a process of its own, with one bank that is really connected. */
export interface Spawned extends Forge {
  readonly port: number
  readonly plaid: Between
  /** Rows of the inbox, whatever has become of them. */
  stored(): number
  /** Bytes of memory that the process has now. */
  memory(): number
}

export async function spawnListener(): Promise<Spawned> {
  const house = await household()
  onTestFinished(() => house[Symbol.asyncDispose]())
  const forge = newForge(await connectedItem(house))
  const plaid = await between(house.simulator.url, forge)
  const running = start(['listen'], { ...house.env, PLAID_BASE_URL: plaid.url })
  const says = /listening on http:\/\/127\.0\.0\.1:(\d+)\//
  await until(() => says.test(running.stdout()))
  const port = Number(says.exec(running.stdout())?.[1])
  const spawned = {
    ...forge,
    port,
    plaid,
    stored: () => rowsIn(join(house.home, 'data', 'coffer.db')),
    memory: () => memoryOf(running.child.pid),
  }
  await mustPass(spawned)
  return spawned
}

/** The control: what every sender sends gets in. */
export async function mustPass({
  port,
  request,
  stored,
}: Pick<Spawned, 'port' | 'request' | 'stored'>): Promise<void> {
  const before = stored()
  expect((await sender(port, 1)(request())).status).toBe(200)
  expect(stored()).toBe(before + 1)
}

async function connectedItem(house: Household): Promise<string> {
  const copy = await house.start({ COFFER_LISTEN: 'off' })
  const { item_id } = await connectBank(copy)
  await copy.close()
  return item_id
}

function rowsIn(path: string): number {
  const database = new Database(path, { readonly: true })
  try {
    return Number(database.prepare('select count(*) from inbox').pluck().get())
  } finally {
    database.close()
  }
}

/** Stands before the simulator: it has the keys that we sign with, and can be slow. */
export interface Between {
  readonly url: string
  /** Paths, in the order in which they were asked for. */
  readonly asked: string[]
  /** Ms that an answer to a path takes. */
  readonly delays: Map<string, number>
}

async function between(simulator: string, { keys }: Forge): Promise<Between> {
  const asked: string[] = []
  const delays = new Map<string, number>()
  const answerKey = answerFor(keys)

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, body] = [incoming.url ?? '', await buffer(incoming)]
    asked.push(path)
    await sleep(delays.get(path) ?? 0)
    const { status, text } =
      path === keyPath ? keyAnswer(body) : await forwarded(simulator + path, incoming, body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  }
  const keyAnswer = (body: Buffer) => {
    const reply = answerKey({ body: JSON.parse(body.toString()) as Record<string, unknown> })
    const { status = 200, json } = typeof reply === 'string' ? {} : reply
    return { status, text: JSON.stringify(json) }
  }

  const server = createServer(
    (incoming, response) => void handle(incoming, response).catch(() => response.destroy()),
  )
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // It listens on a port.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, delays }
}

/** With the keys, which our client puts into headers. */
async function forwarded(
  url: string,
  { headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; text: string }> {
  const named = ['content-type', 'plaid-client-id', 'plaid-secret', 'plaid-version']
  const kept = named.map((name): [string, string] => [name, String(headers[name] ?? '')])
  const answer = await fetch(url, { method: 'POST', headers: kept, body: new Uint8Array(body) })
  return { status: answer.status, text: await answer.text() }
}
