import { createServer } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { keepListening, type ListeningDeps } from '../../src/jobs/listening.ts'
import { silentLog } from '../../src/log.ts'
import type { LeaderNote } from '../../src/model.ts'

/** Listens as told until it is stopped; what it said of itself, and what it logged. */
function keep(more: Partial<ListeningDeps>) {
  const written: (LeaderNote | null)[] = []
  const notes: LeaderNote[] = []
  const logged: unknown[] = []
  const end = new AbortController()
  const done = keepListening(
    {
      store: { leader: { read: async () => null, write: async (note) => void written.push(note) } },
      listen: null,
      pid: 7,
      now: () => 0,
      log: { ...silentLog, warn: (event, fields) => void logged.push([event, fields?.code]) },
      onNote: (note) => void notes.push(note),
      ...more,
    },
    end.signal,
  )
  const stop = async () => {
    end.abort()
    await done
  }
  onTestFinished(stop)
  return { written, notes, logged, stop }
}

const since = new Date(0).toISOString()
const taken = () => Promise.reject(new CofferError('PORT_TAKEN', 'made up'))

describe('the note of the leader', () => {
  it('says where it listens, and is gone when it ends, with the port', async () => {
    const server = createServer()
    const listen = async () => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return { port: 4321, close: async () => void server.close() }
    }
    const { written, notes, stop } = keep({ listen })
    const note = { pid: 7, since, port: 4321, problem: null }
    await expect.poll(() => written).toEqual([note])
    expect(notes).toEqual([note])
    await stop()
    expect(written).toEqual([note, null])
    expect(server.listening).toBe(false)
  })

  it('of a copy that is not to listen says so', async () => {
    const { written, logged } = keep({})
    await expect.poll(() => written).toEqual([{ pid: 7, since, port: null, problem: null }])
    expect(logged).toEqual([])
  })

  it('is written again when it could not be', async () => {
    const write = vi.fn<ListeningDeps['store']['leader']['write']>(async () => undefined)
    write.mockRejectedValueOnce(new CofferError('DATABASE_BUSY', 'made up'))
    const { logged } = keep({ store: { leader: { read: async () => null, write } }, retryMs: 10 })
    await expect.poll(() => write.mock.calls.length).toBe(2)
    expect(logged).toEqual([['leader.note_failed', 'DATABASE_BUSY']])
  })
})

describe('a port that a stranger has', () => {
  it('is said once, tried again, and taken when it is free', async () => {
    let tries = 0
    const listen = () => {
      tries += 1
      return tries < 4 ? taken() : Promise.resolve({ port: 8765, close: async () => undefined })
    }
    const { written, logged } = keep({ listen, retryMs: 10 })
    await expect
      .poll(() => written)
      .toEqual([
        { pid: 7, since, port: null, problem: 'PORT_TAKEN' },
        { pid: 7, since, port: 8765, problem: null },
      ])
    expect(logged).toEqual([['webhook.not_listening', 'PORT_TAKEN']])
  })

  it('is not listened on after the end', async () => {
    const listen = vi.fn<() => Promise<never>>(taken)
    const { stop, written } = keep({ listen, retryMs: 10 })
    await expect.poll(() => written.length).toBe(1)
    await stop()
    const before = listen.mock.calls.length
    await sleep(40)
    expect(listen).toHaveBeenCalledTimes(before)
    expect(written.at(-1)).toBeNull()
  })
})
