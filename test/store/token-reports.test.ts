import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'

const week = (n: number) => new Date(Date.parse('2026-01-04T01:00:00Z') + n * 7 * 86_400_000).toISOString()

describe.each(driverNames)('weekly counts on %s', (driver) => {
  it('give the newest that is old enough, and none when there is none', async () => {
    const { tokenReports } = await freshStore({ driver })
    expect(await tokenReports.lastBefore(week(9))).toBeNull()
    for (const n of [2, 1, 3]) await tokenReports.add({ takenAt: week(n), counts: { total_tokens: n } })
    expect(await tokenReports.lastBefore(week(2))).toEqual({ takenAt: week(2), counts: { total_tokens: 2 } })
    expect(await tokenReports.lastBefore(week(0))).toBeNull()
  })

  it('are kept for a year', async () => {
    const { tokenReports } = await freshStore({ driver })
    for (let n = 0; n < 60; n++) await tokenReports.add({ takenAt: week(n), counts: {} })
    expect(await tokenReports.lastBefore(week(6))).toBeNull()
    expect(await tokenReports.lastBefore(week(7))).toMatchObject({ takenAt: week(7) })
  })
})
