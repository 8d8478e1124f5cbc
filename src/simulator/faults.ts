import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { PlaidErrorCode } from './failure.ts'

/**
 * One way for a call to fail. `after: true` = the call is done and only its answer is lost, which is what a
 * client must survive without doing it twice.
 */
export type Fault =
  | { readonly kind: 'error'; readonly code: PlaidErrorCode }
  /** A proxy's page in place of JSON. */
  | { readonly kind: 'html'; readonly status: number; readonly after?: boolean }
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** Never answers. */
  | { readonly kind: 'hang'; readonly after?: boolean }
  /** The call is done; half of the JSON arrives. */
  | { readonly kind: 'truncated' }
  /** Answers after so many ms. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Answers at once, a piece every so many ms. */
  | { readonly kind: 'drip'; readonly ms: number }

export interface FaultQueue {
  add(path: string, fault: Fault, options?: { times?: number; itemId?: string }): void
  /** The fault for this call, used up by it. */
  take(path: string, itemId: string | null): Fault | null
}

export function createFaultQueue(): FaultQueue {
  let waiting: { path: string; fault: Fault; times: number; itemId: string | undefined }[] = []
  return {
    add(path, fault, { times = 1, itemId } = {}) {
      waiting.push({ path, fault, times, itemId })
    },
    take(path, itemId) {
      const found = waiting.find(
        (entry) => entry.path === path && (entry.itemId === undefined || entry.itemId === itemId),
      )
      if (found === undefined) return null
      found.times -= 1
      waiting = waiting.filter(({ times }) => times > 0)
      return found.fault
    },
  }
}

/** Spoils an answer on its way; `work` gives the answer, an error that was asked for included. */
export async function answerWith(
  fault: Fault | null,
  work: () => Promise<Response>,
  outgoing: ServerResponse,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
    case 'error':
      return work()
    case 'slow':
      await sleep(fault.ms, undefined, { ref: false })
      return work()
    case 'truncated':
      return halfOf(await work())
    case 'drip':
      return dripping(await work(), fault.ms)
    case 'html':
    case 'reset':
    case 'hang':
      if (fault.after === true) await work()
      return lost(fault, outgoing)
  }
}

function lost(
  fault: Extract<Fault, { after?: boolean }>,
  outgoing: ServerResponse,
): Promise<Response> | Response {
  if (fault.kind === 'html') return html(fault.status)
  if (fault.kind === 'reset') {
    outgoing.socket?.resetAndDestroy()
    return RESPONSE_ALREADY_SENT
  }
  // The client gives up, or the simulator is closed and cuts the connection.
  return new Promise(() => undefined)
}

function html(status: number): Response {
  const page = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>nginx</center></body></html>`
  return new Response(page, { status, headers: { 'content-type': 'text/html' } })
}

async function halfOf(response: Response): Promise<Response> {
  const text = await response.text()
  return new Response(text.slice(0, text.length / 2), response)
}

async function dripping(response: Response, ms: number): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const size = Math.max(1, Math.ceil(bytes.length / 10))
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await sleep(ms, undefined, { ref: false })
      controller.enqueue(bytes.slice(sent, sent + size))
      sent += size
      if (sent >= bytes.length) controller.close()
    },
  })
  return new Response(body, response)
}
