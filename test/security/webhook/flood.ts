import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { HttpRequest } from './request.ts'
import { toBytes } from './request.ts'
import type { Spawned } from './spawned.ts'

/** A connection that may be cut at any time. */
function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  return socket.on('error', () => undefined)
}

/** Says `first` and then a byte a second, for as long as it is let; how long that was, in ms. */
export function drip(port: number, first: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = open(port)
    let start = performance.now()
    const more = setInterval(() => socket.write('x'), 1_000)
    socket.on('connect', () => {
      start = performance.now()
      socket.write(first)
    })
    socket.resume().on('close', () => {
      clearInterval(more)
      resolve(performance.now() - start)
    })
  })
}

/** Writes pieces until so many bytes are gone or the line is cut; what was answered, and how much went out. */
export async function pour(port: number, first: string, piece: string, bytes: number) {
  const socket = open(port)
  let answer = ''
  socket.on('data', (data) => (answer += data.toString('latin1')))
  const closed = new Promise((resolve) => socket.on('close', resolve))
  let sent = 0
  socket.write(first)
  while (!socket.closed && sent < bytes) {
    sent += piece.length
    if (!socket.write(piece, 'latin1'))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  socket.end()
  await Promise.race([closed, sleep(10_000)])
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), sent }
}

/** Connects and goes away, in the middle of a request or before it. */
export function knock(port: number, round: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = open(port)
    socket.on('close', () => resolve())
    socket.on('connect', () => {
      if (round % 2 === 0) return void socket.destroy()
      socket.write('POST /plaid/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\n', () => socket.destroy())
    })
  })
}

/** Sends a whole request on a connection of its own and waits for what comes. */
export function push(port: number, request: HttpRequest): Promise<number> {
  return new Promise((resolve) => {
    const socket = open(port)
    let answer = ''
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)))
    socket.write(toBytes(request))
  })
}

/** Good webhooks, one every `everyMs`, each over a connection of its own, until it is told to stop. */
export function goodWebhooks({ port, request }: Spawned, everyMs: number) {
  const times: number[] = []
  const under: Promise<void>[] = []
  let failed = 0
  const one = async () => {
    const start = performance.now()
    if ((await push(port, request())) !== 200) failed += 1
    times.push(performance.now() - start)
  }
  const timer = setInterval(() => under.push(one()), everyMs)
  return async () => {
    clearInterval(timer)
    await Promise.all(under)
    return { times, sent: times.length, failed, inTime: times.filter((ms) => ms <= 2_000).length - failed }
  }
}

/** The most memory that the process had more than at the start, in MB, and whatever `work` gives. */
export async function growth<T>(
  { memory }: Spawned,
  work: () => Promise<T>,
): Promise<{ readonly mb: number; readonly found: T }> {
  const before = memory()
  let most = before
  const look = setInterval(() => (most = Math.max(most, memory())), 50)
  try {
    const found = await work()
    return { found, mb: (Math.max(most, memory()) - before) / 2 ** 20 }
  } finally {
    clearInterval(look)
  }
}
