import { describe, expect, it } from 'vitest'
import { connectBank, type Copy, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'

type Progress = { progress: number; message?: string | undefined }

async function withProgress(copy: Copy, name: string, args: object) {
  const seen: Progress[] = []
  const result = await copy.client.callTool({ name, arguments: { ...args } }, undefined, {
    onprogress: (progress) => seen.push(progress),
  })
  return { seen, result }
}

describe.concurrent('a client that asks for progress', () => {
  it('is told of each bank that has answered', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    await connectBank(copy, { institutionId: 'ins_109511' })
    const { seen, result } = await withProgress(copy, 'sync_snapshot', { max_age_minutes: 0 })
    expect(result.isError).toBeUndefined()
    expect(seen.map(({ message }) => message)).toEqual(['1 of 2 banks asked', '2 of 2 banks asked'])
    expect(seen.map(({ progress }) => progress)).toEqual([1, 2])
  })

  it('is told that a person is being waited for', async () => {
    await using house = await household()
    const copy = await house.start()
    const { link_id: linkId } = await copy.call('connect_bank')
    const { seen } = await withProgress(copy, 'check_connection', { link_id: linkId, wait_seconds: 4 })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen[0]?.message).toMatch(/waiting/i)
  })
})

describe.concurrent('a client that takes a call back', () => {
  it('is not waited for, and the server goes on', async () => {
    await using house = await household()
    const copy = await house.start()
    const { link_id: linkId } = await copy.call('connect_bank')
    const stop = new AbortController()
    const waiting = copy.client.callTool(
      { name: 'check_connection', arguments: { link_id: linkId, wait_seconds: 15 } },
      undefined,
      { signal: stop.signal },
    )
    setTimeout(() => stop.abort(), 300)
    await expect(waiting).rejects.toThrow(/abort/i)
    expect((await copy.call('list_connections')).total).toBe(0)
  })

  it('takes back its call to Plaid only, and spoils nothing for the next one', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    const before = await copy.call('sync_snapshot')
    house.simulator.controls.failNext('/accounts/get', { kind: 'slow', ms: 800 })
    const stop = new AbortController()
    const asked = copy.client.callTool(
      { name: 'sync_snapshot', arguments: { max_age_minutes: 0 } },
      undefined,
      { signal: stop.signal },
    )
    setTimeout(() => stop.abort(), 200)
    await expect(asked).rejects.toThrow(/abort/i)
    await until(async () => (await copy.call('sync_snapshot', { max_age_minutes: 0 })).complete)
    expect((await copy.call('sync_snapshot')).totals).toEqual(before.totals)
  })
})
