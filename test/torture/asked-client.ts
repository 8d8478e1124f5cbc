import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { App } from '../../src/app.ts'
import { silentLog } from '../../src/log.ts'
import { createServer } from '../../src/server.ts'

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly result?: {
    readonly isError?: boolean
    readonly structuredContent?: unknown
    readonly content?: unknown
  }
  readonly error?: object
}

/** What a client sends when a person is asked; it may send anything. `id` is the question's. */
export type Replies = (id: number | string) => readonly object[]

/** A client that keeps to no rule: it answers questions with whatever it is told to. */
export interface AskedClient extends AsyncDisposable {
  /** The answer to a call of a tool, as JSON. */
  call(name: string, args: object, replies?: Replies, meta?: object): Promise<string>
  /** Questions that were asked so far. */
  asked(): number
}

export async function askedClient(app: App, capabilities: object): Promise<AskedClient> {
  const server = createServer({
    core: async () => app,
    readOnly: false,
    log: silentLog,
    onIdle: () => undefined,
  })
  const [own, other] = InMemoryTransport.createLinkedPair()
  const waiting = new Map<number | string, (message: Message) => void>()
  let [asked, next] = [0, 0]
  let replies: Replies = () => []
  // Messages that break the protocol are what this is for.
  const send = (message: object) => own.send({ jsonrpc: '2.0', ...message } as JSONRPCMessage)
  const hear = (message: Message) => {
    if (message.method === 'elicitation/create' && message.id !== undefined) {
      asked += 1
      for (const reply of replies(message.id)) void send(reply).catch(() => undefined)
    } else if (message.id !== undefined) waiting.get(message.id)?.(message)
  }
  own.onmessage = (message) => hear(message as Message)
  await server.connect(other)
  await own.start()
  const request = (method: string, params: object) => {
    next += 1
    const id = `call-${next}`
    return new Promise<Message>((resolve) => {
      waiting.set(id, resolve)
      void send({ id, method, params })
    })
  }
  const clientInfo = { name: 'made-up', version: '1' }
  await request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
  await send({ method: 'notifications/initialized' })
  return {
    asked: () => asked,
    async call(name, args, answers = () => [], meta = {}) {
      replies = answers
      const { result, error } = await request('tools/call', { name, arguments: args, ...meta })
      return JSON.stringify(result ?? error)
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}
