/**
 * The wire to a host that shows this page: JSON-RPC by `postMessage`, as the extension io.modelcontextprotocol/ui has it
 * in its version of 2026-01-26.
 */
export interface Host {
  /** False where it has not said that it calls tools: what is not asked for by a person is not tried then. */
  readonly callsTools: boolean
  /** A tool of our own server, through the host, which may ask its person first. */
  callTool(name: string, args: unknown): Promise<ToolResult>
  /** Asks the host to open a page for the person. */
  openLink(url: string): Promise<unknown>
}

export interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[]
  readonly structuredContent?: object
  readonly isError?: boolean
}

export interface HostEvents {
  readonly onResult: (result: ToolResult, host: Host) => void
  /** The call whose result was to be shown was stopped. */
  readonly onCancelled: () => void
  readonly onTheme: (theme: 'light' | 'dark') => void
}

const protocolVersion = '2026-01-26'

type Params = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Params
  readonly result?: unknown
  readonly error?: { readonly message?: string }
}

/** Says hello to the host; from then on it tells what the tools gave. */
export async function connectHost({ onResult, onCancelled, onTheme }: HostEvents): Promise<Host> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  const send = (message: object) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*')

  function request(method: string, params: object): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>()
    lastId += 1
    waiting.set(lastId, answer)
    send({ id: lastId, method, params })
    return answer.promise
  }

  function hear({ id, method, params = {}, result, error }: Message): void {
    if (method === 'ui/notifications/tool-result') onResult(params, host)
    if (method === 'ui/notifications/tool-cancelled') onCancelled()
    if (method === 'ui/notifications/host-context-changed') tellTheme(params)
    if (method !== undefined && id !== undefined) send({ id, result: {} })
    if (method !== undefined || id === undefined) return
    const answer = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) answer?.resolve(result)
    else answer?.reject(new Error(error.message))
  }

  function tellTheme({ theme }: Params): void {
    if (theme === 'light' || theme === 'dark') onTheme(theme)
  }

  const host = {
    callsTools: false,
    async callTool(name: string, args: unknown): Promise<ToolResult> {
      const answer = await request('tools/call', { name, arguments: args })
      return typeof answer === 'object' && answer !== null ? answer : {}
    },
    openLink: (url: string) => request('ui/open-link', { url }),
  }
  // Nobody but the host is listened to: any page may send a message to any frame.
  window.addEventListener('message', ({ source, data }: MessageEvent<Message | null>) => {
    if (source === window.parent && typeof data === 'object' && data !== null) hear(data)
  })
  const appInfo = { name: 'coffer', version: '1' }
  const hello = await request('ui/initialize', { appInfo, appCapabilities: {}, protocolVersion })
  tellTheme(partOf(hello, 'hostContext'))
  host.callsTools = 'serverTools' in partOf(hello, 'hostCapabilities')
  send({ method: 'ui/notifications/initialized', params: {} })
  tellSize(send)
  return host
}

/** What a tool gave, also where a host hands over its text alone. */
export function madeIn({ structuredContent, content }: ToolResult): object {
  if (structuredContent !== undefined) return structuredContent
  try {
    const made: unknown = JSON.parse(content?.[0]?.text ?? '')
    return typeof made === 'object' && made !== null ? made : {}
  } catch {
    return {}
  }
}

function partOf(hello: unknown, name: string): Params {
  const part: unknown = typeof hello === 'object' && hello !== null ? Reflect.get(hello, name) : null
  return typeof part === 'object' && part !== null ? { ...part } : {}
}

/** The frame is as high as the host makes it. */
function tellSize(send: (message: object) => void): void {
  const tell = () => {
    const { width, height } = document.body.getBoundingClientRect()
    send({
      method: 'ui/notifications/size-changed',
      params: { width: Math.ceil(width), height: Math.ceil(height) },
    })
  }
  new ResizeObserver(tell).observe(document.body)
}
