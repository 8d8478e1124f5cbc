import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import type { AuditEntry } from '../../src/audit-entry.ts'
import { CofferError } from '../../src/errors.ts'
import { silentLog } from '../../src/log.ts'
import type { Store } from '../../src/store/index.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What is written, batch by batch, by a store that can be made to fail. */
function desk() {
  const written: string[][] = []
  const lines: unknown[][] = []
  let failure: Error | null = null
  const add = async (entries: readonly AuditEntry[]) => {
    if (failure !== null) throw failure
    written.push(entries.map(({ name }) => name))
  }
  const store = { audit: { add } } as unknown as Pick<Store, 'audit'>
  const log = { ...silentLog, error: (...line: unknown[]) => void lines.push(line) }
  const audit = createAudit({ store, now: Date.now, log })
  return {
    written,
    lines,
    fail: (error: Error | null) => void (failure = error),
    note: (name: string, urgent?: boolean) =>
      audit.note({ actor: 'tool', name, outcome: 'ok', about: [] }, urgent),
    close: () => audit.close(),
  }
}

const full = new CofferError('DISK_FULL', 'Full.')

describe('what is put down', () => {
  it('is written together within a second, and not before the answer', async () => {
    const { note, written } = desk()
    note('a')
    note('b')
    await vi.advanceTimersByTimeAsync(100)
    expect(written).toEqual([])
    await vi.advanceTimersByTimeAsync(900)
    expect(written).toEqual([['a', 'b']])
    note('c')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(written).toEqual([['a', 'b'], ['c']])
  })

  it('is written at once where something was changed, with all that waits', async () => {
    const { note, written } = desk()
    note('a')
    note('b', true)
    expect(written).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(written).toEqual([['a', 'b']])
  })

  it('is written at once where many wait, so that none is lost to a flood', async () => {
    const { note, written, lines } = desk()
    for (let number = 0; number < 3_000; number++) {
      note(String(number))
      await vi.advanceTimersByTimeAsync(number % 100 === 99 ? 1 : 0)
    }
    expect(written.map(({ length }) => length)).toEqual(Array.from({ length: 30 }, () => 100))
    expect(lines).toEqual([])
  })

  it('is written at the end', async () => {
    const { note, close, written } = desk()
    note('a')
    await close()
    expect(written).toEqual([['a']])
    note('after that', true)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(written).toHaveLength(1)
  })
})

describe('a disk that takes nothing', () => {
  it('is told once, and all is written when it is well again', async () => {
    const { note, fail, written, lines } = desk()
    fail(full)
    note('a')
    await vi.advanceTimersByTimeAsync(3_000)
    note('b', true)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lines).toEqual([['audit.failed', { code: 'DISK_FULL' }]])
    fail(null)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(written).toEqual([['a', 'b']])
    fail(full)
    note('c')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lines).toHaveLength(2)
  })

  it('costs the oldest rows when there are too many, and says so', async () => {
    const { note, fail, close, lines, written } = desk()
    fail(full)
    for (let number = 0; number < 1_003; number++) note(String(number))
    await vi.advanceTimersByTimeAsync(1)
    expect(lines).toContainEqual(['audit.lost', { rows: 3 }])
    fail(null)
    await close()
    expect(written.flat()).toHaveLength(1_000)
    expect(written.flat()[0]).toBe('3')
  })

  it('keeps nobody from ending, and what is lost is told', async () => {
    const { note, fail, close, lines } = desk()
    fail(full)
    note('a')
    const closing = close()
    await vi.advanceTimersByTimeAsync(1_000)
    await closing
    expect(lines.at(-1)).toEqual(['audit.lost', { rows: 1 }])
  })
})
