import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { callsAMinute, createAdmission } from '../../src/tools/admission.ts'
import { freshStore } from '../store/fixtures.ts'

const minute = 60_000

async function admitted(admit: () => Promise<void>, times: number): Promise<number> {
  let count = 0
  for (let n = 0; n < times; n += 1)
    await admit().then(
      () => (count += 1),
      () => undefined,
    )
  return count
}

describe('tool calls', () => {
  it('of all processes together have sixty places a minute, and are told when there is one again', async () => {
    let time = 1_000_000
    const { calls } = await freshStore()
    const [one, other] = [createAdmission(calls, () => time), createAdmission(calls, () => time)]
    expect((await admitted(one, 40)) + (await admitted(other, 40))).toBe(callsAMinute)
    time += 18_500
    await expect(one()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      fix: expect.stringContaining('in 42 seconds'),
    })
    time += minute
    expect(await admitted(other, 100)).toBe(callsAMinute)
  })

  it('that are refused ask the database once, until there is room', async () => {
    let [time, taken] = [1_000_000, 0]
    const take = async () => ((taken += 1) === 1 ? 30_000 : 0)
    const admit = createAdmission({ take }, () => time)
    expect(await admitted(admit, 1_000)).toBe(0)
    expect(taken).toBe(1)
    time += 30_000
    expect(await admitted(admit, 1)).toBe(1)
  })

  it('are not kept waiting by a clock that was set back', async () => {
    let [time, taken] = [100 * minute, 0]
    const take = async () => ((taken += 1) === 1 ? 30_000 : 0)
    const admit = createAdmission({ take }, () => time)
    expect(await admitted(admit, 1)).toBe(0)
    time = minute
    expect(await admitted(admit, 1)).toBe(1)
  })

  it('go on where they cannot be counted: what they do says why nothing can be written', async () => {
    const take = () => Promise.reject(new CofferError('DISK_FULL', 'The disk is full.'))
    expect(
      await admitted(
        createAdmission({ take }, () => 0),
        100,
      ),
    ).toBe(100)
  })
})
