import { createServer, type IncomingMessage } from 'node:http'
import { type SimulatorOptions } from '../../../src/simulator/index.ts'
import { hasPlaidSchema, validateSchema } from '../../support/plaid-schema.ts'
import { openPlaid, type Plaid } from '../harness.ts'

/** What a webhook's receiver got, down to the header lines. */
export interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingMessage['headers']
  /** Every `Plaid-Verification` by itself. */
  readonly signatures: string[]
  readonly text: string
  readonly body: Record<string, unknown>
}

/** 200 and so on; `hang` never answers, `reset` cuts the connection. */
export type Reply = number | 'hang' | 'reset' | { status: number; headers: Record<string, string> }

/** A receiver on this machine; `reply` may be changed while it runs. */
export async function openReceiver(reply: Reply = 200) {
  const received: Received[] = []
  const receiver = { reply, received, url: '', codes: () => received.map(({ body }) => body['webhook_code']) }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push(readAs(request, Buffer.concat(chunks).toString()))
      const { reply: now } = receiver
      if (now === 'reset') request.socket.resetAndDestroy()
      else if (typeof now === 'object') response.writeHead(now.status, now.headers).end()
      else if (now !== 'hang') response.writeHead(now).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  receiver.url = `http://127.0.0.1:${address.port}/plaid/webhook`
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return Object.assign(receiver, { close, [Symbol.asyncDispose]: close })
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>

/** The API's answers have tests of their own, and compiling their schemas takes half a second in each file. */
export const unchecked = () => undefined

/** A simulator that sends, a receiver, and an Item between them. */
export async function openPair(options: SimulatorOptions & { reply?: Reply } = {}) {
  const { reply = 200, ...rest } = options
  const receiver = await openReceiver(reply)
  const plaid: Plaid = await openPlaid({ webhookDelivery: true, onExchange: unchecked, ...rest })
  const item = await plaid.connect(undefined, { webhook: receiver.url })
  const close = async () => {
    await plaid[Symbol.asyncDispose]()
    await receiver.close()
  }
  /** Sends one webhook, which breaks nothing, and waits for the attempt. */
  async function send(code = 'LOGIN_REPAIRED'): Promise<void> {
    plaid.controls.sendWebhook(item.item_id, { type: 'ITEM', code })
    await plaid.controls.webhooksSettled()
  }
  async function advance(ms: number): Promise<void> {
    plaid.controls.advance(ms)
    await plaid.controls.webhooksSettled()
  }
  return { plaid, receiver, controls: plaid.controls, ...item, send, advance, [Symbol.asyncDispose]: close }
}

const schemas: Readonly<Record<string, string>> = {
  'ITEM:ERROR': 'ItemErrorWebhook',
  'ITEM:LOGIN_REPAIRED': 'ItemLoginRepairedWebhook',
  'ITEM:PENDING_EXPIRATION': 'PendingExpirationWebhook',
  'ITEM:PENDING_DISCONNECT': 'PendingDisconnectWebhook',
  'ITEM:USER_PERMISSION_REVOKED': 'UserPermissionRevokedWebhook',
  'ITEM:USER_ACCOUNT_REVOKED': 'UserAccountRevokedWebhook',
  'ITEM:NEW_ACCOUNTS_AVAILABLE': 'NewAccountsAvailableWebhook',
  'ITEM:WEBHOOK_UPDATE_ACKNOWLEDGED': 'WebhookUpdateAcknowledgedWebhook',
  'TRANSACTIONS:SYNC_UPDATES_AVAILABLE': 'SyncUpdatesAvailableWebhook',
  'TRANSACTIONS:INITIAL_UPDATE': 'InitialUpdateWebhook',
  'TRANSACTIONS:HISTORICAL_UPDATE': 'HistoricalUpdateWebhook',
  'TRANSACTIONS:DEFAULT_UPDATE': 'DefaultUpdateWebhook',
  'TRANSACTIONS:TRANSACTIONS_REMOVED': 'TransactionsRemovedWebhook',
  'HOLDINGS:DEFAULT_UPDATE': 'HoldingsDefaultUpdateWebhook',
  'INVESTMENTS_TRANSACTIONS:DEFAULT_UPDATE': 'InvestmentsDefaultUpdateWebhook',
  'INVESTMENTS_TRANSACTIONS:HISTORICAL_UPDATE': 'InvestmentsHistoricalUpdateWebhook',
  'LIABILITIES:DEFAULT_UPDATE': 'LiabilitiesDefaultUpdateWebhook',
  'LINK:ITEM_ADD_RESULT': 'ItemAddResultWebhook',
  'LINK:SESSION_FINISHED': 'LinkSessionFinishedWebhook',
  'LINK:EVENTS': 'LinkEventsWebhook',
}

export function kindOf({ body }: Received): string {
  return `${String(body['webhook_type'])}:${String(body['webhook_code'])}`
}

/** What Plaid's schemas say against the bodies; nothing where they are not at hand. */
export function deviationsIn(received: readonly Received[]): string[] {
  if (!hasPlaidSchema) return []
  return received.flatMap((one) =>
    validateSchema(schemas[kindOf(one)] ?? kindOf(one), one.body).map((text) => `${kindOf(one)} ${text}`),
  )
}

function readAs(request: IncomingMessage, text: string): Received {
  const { method, url: path, headers, rawHeaders } = request
  const isSignature = (name: string, index: number) =>
    index % 2 === 0 && name.toLowerCase() === 'plaid-verification'
  const signatures = rawHeaders.flatMap((name, index) =>
    isSignature(name, index) ? [rawHeaders[index + 1] ?? ''] : [],
  )
  // Whatever came; each test looks at what it should be.
  const body = JSON.parse(text) as Record<string, unknown>
  return { method, path, headers, signatures, text, body }
}
