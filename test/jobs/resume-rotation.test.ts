import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { resumeRotation } from '../../src/jobs/resume-rotation.ts'
import { silentLog } from '../../src/log.ts'
import { openRooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'

describe('a rotation that was cut off', () => {
  it('is gone on with by the copy that leads, as it starts', async () => {
    await using rooms = await openRooms()
    const itemId = await rooms.connect()
    const { keys, store } = rooms.app
    const before = await store.sealed.list()
    const { keyId } = await keys.rotate()
    // As after a kill before these were sealed anew.
    for (const { sealed: old, ...place } of before) {
      const now = (await store.sealed.list()).find(
        ({ row, column }) => row === place.row && column === place.column,
      )
      if (now !== undefined) await store.sealed.replace(now, old)
    }
    expect(await store.sealed.list()).toEqual(before)

    const stop = new AbortController()
    const leading = (await rooms.open()).lead(stop.signal)
    const isDone = async () =>
      (await store.sealed.list()).every(({ sealed }) => sealed.split('.')[1] === keyId)
    await until(isDone, 10_000)
    stop.abort()
    await leading
    expect((await rooms.app.connections.health.check(itemId)).connection.status).toBe('active')
  })

  it.each([
    [new CofferError('VAULT_LOCKED', 'locked'), 'VAULT_LOCKED'],
    [new Error('unforeseen'), 'INTERNAL'],
  ])('waits for the next start after %s', async (failure, code) => {
    const said: unknown[] = []
    const log = { ...silentLog, warn: (event: string, about?: object) => void said.push(event, about) }
    const ending = new AbortController()
    await resumeRotation({ resume: () => Promise.reject(failure), log }, ending.signal)
    expect(said).toEqual(['keys.not_rewrapped', { code }])
    ending.abort()
    await resumeRotation({ resume: () => Promise.reject(failure), log }, ending.signal)
    expect(said).toHaveLength(2)
  })
})
