import { Cron } from 'croner'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCron } from '../src/cron-text.ts'

describe('five fields of cron', () => {
  it.each([
    '0 6 * * *',
    '*/15 * * * *',
    '30 7 * * 1-5',
    '0 6,18 1-31/2 JAN-MAR mon,FRI',
    '0 6 31 2 1',
    '0 0 29 2 *',
    '0 0 * * 7',
  ])('%s can be read', (text) => {
    expect(isCron(text)).toBe(true)
  })

  it.each([
    '',
    'daily',
    '06:00',
    '0 6 * *',
    '0 6 * * * *',
    '60 6 * * *',
    '0 24 * * *',
    '0 6 0 * *',
    '0 6 * 13 *',
    '0 6 * * 8',
    '0 6 30 2 *',
    '0 6 31 4,6 *',
    '0 6-4 * * *',
    '*/0 * * * *',
    '5/10 * * * *',
    '0 six * * *',
    '@daily',
    '0,,1 6 * * *',
  ])('%s cannot', (text) => {
    expect(isCron(text)).toBe(false)
  })

  it('that can be read are read by the scheduler, and come', () => {
    const value = (min: number, max: number) => fc.integer({ min, max }).map(String)
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        value(min, max),
        fc.tuple(value(min, max), value(min, max)).map(([a, b]) => `${a}-${b}`),
        fc.tuple(value(min, max), value(min, max)).map(([a, b]) => `${a},${b}`),
        value(1, 9).map((step) => `*/${step}`),
        fc.tuple(value(min, max), value(min, max), value(1, 9)).map(([a, b, step]) => `${a}-${b}/${step}`),
      )
    const texts = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
    let read = 0
    fc.assert(
      fc.property(texts, (fields) => {
        const text = fields.join(' ')
        if (!isCron(text)) return
        read += 1
        const job = new Cron(text, { timezone: 'UTC', mode: '5-part', paused: true })
        expect(job.nextRun(new Date('2026-01-01T00:00:00Z'))).not.toBeNull()
      }),
      { numRuns: 500 },
    )
    expect(read).toBeGreaterThan(100)
  })
})
