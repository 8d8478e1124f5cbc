import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'

export interface HttpDoor extends AsyncDisposable {
  readonly url: string
}

/**
 * Serves MCP over streamable HTTP on loopback, for programs that test servers and speak nothing else: one server per
 * session. `names`: what they ask for by names of their own, and what it is called here.
 */
export async function serveHttp(
  newServer: () => McpServer,
  names: Readonly<Record<string, string>> = {},
): Promise<HttpDoor> {
  const sessions = new Map<string, StreamableHTTPServerTransport>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopback(`http://${request.headers.host}`) || !isLoopback(request.headers.origin)) {
      response.writeHead(403).end()
      return
    }
    const known = sessions.get(String(request.headers['mcp-session-id']))
    const body = request.method === 'POST' ? renamed(await text(request)) : undefined
    await (known ?? (await newSession())).handleRequest(request, response, body)
  }

  function renamed(body: string): unknown {
    return JSON.parse(body, (_key, value: unknown) =>
      typeof value === 'string' ? (names[value] ?? value) : value,
    )
  }

  async function newSession(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    await newServer().connect(transport)
    return transport
  }

  const http = createHttpServer((request, response) => void answer(request, response))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  // What an http server that listens on a port has.
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      for (const transport of sessions.values()) await transport.close()
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

/** A page in a browser may reach loopback under a name of its own. No origin at all: no browser. */
function isLoopback(origin: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)
}
