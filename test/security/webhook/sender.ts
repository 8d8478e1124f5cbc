import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { HttpRequest } from './request.ts'

export interface Heard {
  /** 0 when the connection broke. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly ms: number
}

/** Sends requests over connections that are kept, as Plaid does. */
export function sender(port: number, connections = 64) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  onTestFinished(() => agent.destroy())
  return ({ line, headers, body }: HttpRequest): Promise<Heard> => {
    const [method = '', path = ''] = line.split(' ')
    const kept = headers.filter(([name]) => name !== 'Connection')
    const start = performance.now()
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, method, path, agent, headers: kept.flat(), setHost: false }
      const broken = () => resolve({ status: 0, headers: {}, text: '', ms: performance.now() - start })
      const sending = request(options, (answer) => {
        let text = ''
        answer.setEncoding('latin1').on('data', (part: string) => (text += part))
        answer.on('error', broken).on('end', () => {
          const { statusCode: status = 0, headers } = answer
          resolve({ status, headers, text, ms: performance.now() - start })
        })
      })
      sending.on('error', broken).end(body)
    })
  }
}

/** Does the work of `count` rounds with so many at a time. */
export async function rounds(
  count: number,
  atOnce: number,
  work: (round: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) {
      next += 1
      await work(next - 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
