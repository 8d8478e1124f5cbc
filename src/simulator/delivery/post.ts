import type { RequestOptions } from 'node:http'
import type { Letter } from './letter.ts'

export interface Outcome {
  readonly status: number | null
  readonly failure: 'timeout' | 'connection' | null
  readonly retryAfter: string | null
}

/** One POST, over a connection of its own. Follows no redirect and never throws. */
export async function post(
  url: string,
  { body, signatures }: Letter,
  { timeoutMs, closing }: { timeoutMs: number; closing: AbortSignal },
): Promise<Outcome> {
  const late = AbortSignal.timeout(timeoutMs)
  const bytes = Buffer.from(body)
  const headers = {
    'content-type': 'application/json',
    'content-length': bytes.length,
    accept: '*/*',
    'user-agent': 'Plaid-Simulator',
    ...(signatures.length > 0 && { 'plaid-verification': [...signatures] }),
  }
  try {
    const signal = AbortSignal.any([late, closing])
    const answer = await send(url, { method: 'POST', headers, agent: false, signal }, bytes)
    return { ...answer, failure: null }
  } catch {
    return { status: null, failure: late.aborted ? 'timeout' : 'connection', retryAfter: null }
  }
}

async function send(
  url: string,
  options: RequestOptions,
  bytes: Buffer,
): Promise<Pick<Outcome, 'status' | 'retryAfter'>> {
  const { request } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (answer) => {
      resolve({ status: answer.statusCode ?? null, retryAfter: answer.headers['retry-after'] ?? null })
      // Nobody reads what a receiver has to say.
      answer.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end(bytes)
  })
}
