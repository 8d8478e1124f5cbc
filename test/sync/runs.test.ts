import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { silentLog } from '../../src/log.ts'
import { createRuns } from '../../src/sync/runs.ts'
import type { Want } from '../../src/sync/fetch.ts'

const month: Want = { span: { from: '2026-02-01', to: '2026-03-01' }, live: false, cause: 'tool' }
const week: Want = { span: { from: '2026-02-20', to: '2026-03-01' }, live: false, cause: 'tool' }
const liveMonth: Want = { ...month, live: true }

const good = { ok: true, notReady: false }

/** Work that ends when the test says so. */
function controlled() {
  const begun: { itemId: string; want: Want; end: (error?: Error) => void }[] = []
  const logged: object[] = []
  const runs = createRuns(
    (itemId, want, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        begun.push({
          itemId,
          want,
          end: (error) => (error === undefined ? resolve({ notReady: false }) : reject(error)),
        })
      }),
    { ...silentLog, error: (event, fields) => void logged.push({ event, ...fields }) },
  )
  return { runs, begun, logged }
}

describe('one run per connection', () => {
  it('serves everybody who asks for no more than it brings', async () => {
    const { runs, begun } = controlled()
    const asked = [runs.start('a', month), runs.start('a', month), runs.start('a', week)]
    await tick()
    expect(begun).toHaveLength(1)
    begun[0]?.end()
    expect(await Promise.all(asked)).toEqual([good, good, good])
    expect(begun).toHaveLength(1)
  })

  it.each([
    ['a longer window', week, month],
    ['live balances', month, liveMonth],
  ])('is followed by another one for %s', async (_more, first, second) => {
    const { runs, begun } = controlled()
    const asked = [runs.start('a', first), runs.start('a', second), runs.start('a', second)]
    await tick()
    expect(begun).toHaveLength(1)
    begun[0]?.end()
    await expect.poll(() => begun.length).toBe(2)
    begun[1]?.end()
    await Promise.all(asked)
    expect(begun.map(({ want }) => want)).toEqual([first, second])
  })

  it('gives its failure to everybody, and is over', async () => {
    const { runs, begun } = controlled()
    const asked = [runs.start('a', month), runs.start('a', month)]
    await tick()
    const error = new CofferError('BANK_DOWN', 'down')
    begun[0]?.end(error)
    expect(await Promise.all(asked)).toEqual([
      { ok: false, error },
      { ok: false, error },
    ])
    const again = runs.start('a', month)
    await tick()
    begun[1]?.end()
    expect(await again).toEqual(good)
  })

  it('is INTERNAL and logged where nobody foresaw it, and takes nothing from the others', async () => {
    const { runs, begun, logged } = controlled()
    const asked = runs.start('a', month)
    await tick()
    begun[0]?.end(new TypeError('oops'))
    expect(await asked).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
    expect(logged).toEqual([{ event: 'sync.broke', name: 'TypeError' }])
  })
})

describe('several connections', () => {
  it('are fetched at once, six at most, and the others after them', async () => {
    const { runs, begun } = controlled()
    const asked = Array.from({ length: 9 }, (_, index) => runs.start(`item ${index}`, month))
    await tick()
    expect(begun).toHaveLength(6)
    begun[3]?.end()
    await expect.poll(() => begun.length).toBe(7)
    begun[0]?.end(new CofferError('BANK_DOWN', 'down'))
    await expect.poll(() => begun.length).toBe(8)
    begun[1]?.end()
    await expect.poll(() => begun.length).toBe(9)
    for (const { end } of begun) end()
    expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(8)
  })
})

describe('closing', () => {
  it('stops what runs and what waits, and says so to whoever waits for it', async () => {
    const { runs, begun } = controlled()
    const asked = Array.from({ length: 8 }, (_, index) => runs.start(`item ${index}`, month))
    await tick()
    await runs.close()
    for (const outcome of await Promise.all(asked)) expect(outcome.ok).toBe(false)
    expect(begun.length).toBeLessThanOrEqual(8)
  })
})
