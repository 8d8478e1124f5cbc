import { connect } from 'node:net'

/** A request as it goes over the wire; nothing is added to it and nothing put right. */
export interface HttpRequest {
  readonly line: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

export function post(body: Buffer, jws: string): HttpRequest {
  return {
    line: 'POST /plaid/webhook HTTP/1.1',
    headers: [
      ['Host', '127.0.0.1:8765'],
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body.length)],
      ['Plaid-Verification', jws],
      ['Connection', 'close'],
    ],
    body,
  }
}

/** The request with this header instead of those of that name: none, one or several. */
export function having(request: HttpRequest, name: string, ...values: readonly string[]): HttpRequest {
  const others = request.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase())
  return { ...request, headers: [...others, ...values.map((value) => [name, value] as const)] }
}

export function toBytes({ line, headers, body }: HttpRequest): Buffer {
  const head = [line, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/** In chunks, with what may follow them. */
export function chunked(request: HttpRequest, trailer = ''): HttpRequest {
  const { body } = having(request, 'Content-Length')
  const size = Buffer.from(`${body.length.toString(16)}\r\n`)
  const whole = Buffer.concat([size, body, Buffer.from(`\r\n0\r\n${trailer}\r\n`)])
  return { ...having(having(request, 'Content-Length'), 'Transfer-Encoding', 'chunked'), body: whole }
}

export interface Said {
  /** Of each answer; none when the connection was cut or nothing was said in time. */
  readonly statuses: readonly number[]
  readonly text: string
  /** Until the first byte of an answer, or the end. */
  readonly ms: number
}

const quietMs = 60

/** Says these bytes on a connection of their own and listens until it is closed, or quiet after an answer. */
export function speak(port: number, bytes: Buffer | HttpRequest, limitMs = 12_000): Promise<Said> {
  const start = performance.now()
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    let text = ''
    let ms = 0
    let quiet: NodeJS.Timeout | undefined
    const limit = setTimeout(() => socket.destroy(), limitMs)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (text === '') ms = performance.now() - start
      text += data.toString('latin1')
      clearTimeout(quiet)
      if (statusesOf(text).length > 0) quiet = setTimeout(() => socket.destroy(), quietMs)
    })
    socket.on('close', () => {
      clearTimeout(quiet)
      clearTimeout(limit)
      resolve({ statuses: statusesOf(text), text, ms: ms || performance.now() - start })
    })
    socket.write(Buffer.isBuffer(bytes) ? bytes : toBytes(bytes))
  })
}

/** All but the likes of 100 Continue, which are no answers. */
function statusesOf(text: string): number[] {
  const found = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
  return found.filter((status) => status >= 200)
}
