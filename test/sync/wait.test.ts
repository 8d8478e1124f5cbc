import { describe, expect, it } from 'vitest'
import { waitAtMost } from '../../src/sync/wait.ts'

const never = new Promise<never>(() => undefined)

describe('waiting at most', () => {
  it('ends with the work, and fails with it', async () => {
    await waitAtMost(Promise.resolve(), 3_600_000)
    await expect(waitAtMost(Promise.reject(new Error('broke')), 3_600_000)).rejects.toThrow('broke')
  })

  it('ends with the time or the signal, whatever the work does', async () => {
    await expect(waitAtMost(never, 1)).resolves.toBeUndefined()
    const gone = new AbortController()
    const waiting = waitAtMost(never, 3_600_000, gone.signal)
    gone.abort()
    await expect(waiting).resolves.toBeUndefined()
    await expect(waitAtMost(never, 3_600_000, AbortSignal.abort())).resolves.toBeUndefined()
  })

  it('leaves nobody to be surprised by work that fails after the time', async () => {
    let fail: (error: Error) => void = () => undefined
    const work = new Promise<void>((_, reject) => (fail = reject))
    await waitAtMost(work, 1)
    fail(new Error('too late'))
    await expect(work).rejects.toThrow('too late')
  })
})
