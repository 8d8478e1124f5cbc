import { describe, expect, it } from 'vitest'
import type { App } from '../../src/app.ts'
import { silentLog } from '../../src/log.ts'
import type { Rule } from '../../src/model.ts'
import { invoke } from '../../src/tools/run.ts'
import { setRule } from '../../src/tools/set-rule.ts'
import { loginWith } from '../support/custom-user.ts'
import { bank, day, minute, openRooms, type Rooms } from '../support/rooms.ts'

const nobody = { elicitUrl: null, elicitYes: null }
const zelle = 'Zelle from client'

/** Four transfers from outside that a person has seen. */
async function withTransfers(rooms: Rooms): Promise<string> {
  const itemId = await rooms.connect(bank, loginWith({ name: 'Checking', mask: '1111', balance: 5_000 }))
  for (const ago of [0, 5, 10, 15]) comesIn(rooms, itemId, zelle, 200, ago)
  rooms.advance(2_000)
  await incomeNews(rooms.app)
  return itemId
}

function comesIn({ simulator, now }: Rooms, itemId: string, text: string, amount: number, ago: number) {
  const date = new Date(now() - ago * day).toISOString().slice(0, 10)
  simulator.controls.addTransaction(itemId, { amount: -amount, text, date })
}

/** What a person who looks is told of income. */
async function incomeNews({ sync }: App, maxAgeMinutes = 0) {
  const { sources } = await sync.read({ days: 30, maxAgeMinutes })
  const { income, seen } = await sync.news(sources)
  await sync.markSeen(seen)
  return income.map(({ sum }) => sum)
}

async function putRule({ store, sync }: App, { now }: Rooms, kind: Rule['kind']) {
  const createdAt = new Date(now()).toISOString()
  const match = zelle.toLowerCase()
  await store.rules.put({ ruleId: `rule ${kind}`, match, kind, category: null, createdAt })
  await sync.rulesChanged()
}

describe('a rule for money that was seen', () => {
  it('makes no news of it, and hides none', async () => {
    await using rooms = await openRooms()
    const itemId = await withTransfers(rooms)
    await putRule(rooms.app, rooms, 'income')
    expect(await incomeNews(rooms.app, -1)).toEqual([])
    comesIn(rooms, itemId, 'ACME PAYROLL', 3_000, 0)
    comesIn(rooms, itemId, zelle, 250, 5)
    expect(await incomeNews(rooms.app)).toEqual([300_000, 25_000])
    for (const kind of ['ignore', 'income'] as const) {
      await putRule(rooms.app, rooms, kind)
      expect(await incomeNews(rooms.app)).toEqual([])
    }
  })

  it('tells what came since and was not seen yet, and no more', async () => {
    await using rooms = await openRooms()
    const itemId = await withTransfers(rooms)
    comesIn(rooms, itemId, 'ACME PAYROLL', 3_000, 0)
    await rooms.app.sync.read({ days: 30, maxAgeMinutes: 0 })
    await putRule(rooms.app, rooms, 'income')
    expect(await incomeNews(rooms.app)).toEqual([300_000])
  })

  it('makes none either where another copy has the transactions, or nobody', async () => {
    await using rooms = await openRooms()
    const itemId = await withTransfers(rooms)
    rooms.advance(30 * minute)
    await putRule(await rooms.open(), rooms, 'income')
    rooms.advance(2_000)
    expect(await incomeNews(rooms.app)).toEqual([])
    comesIn(rooms, itemId, 'ACME PAYROLL', 3_000, 1)
    expect(await incomeNews(rooms.app)).toEqual([300_000])
  })

  it('makes none by the tool of a copy that has to fetch the transactions for it', async () => {
    await using rooms = await openRooms()
    const itemId = await withTransfers(rooms)
    rooms.advance(30 * minute)
    const other = await rooms.open()
    const { signal } = new AbortController()
    const call = { core: async () => other, log: silentLog, signal, progress: () => undefined }
    const { matched } = await invoke(setRule, { match: zelle, kind: 'income' }, { ...call, ...nobody })
    expect(matched).toBe(4)
    expect(await incomeNews(rooms.app)).toEqual([])
    comesIn(rooms, itemId, 'ACME PAYROLL', 3_000, 0)
    expect(await incomeNews(rooms.app)).toEqual([300_000])
  })

  it('makes none once a broken bank is mended, whoever has looked meanwhile', async () => {
    await using rooms = await openRooms()
    const itemId = await withTransfers(rooms)
    rooms.simulator.controls.resetLogin(itemId)
    await putRule(await rooms.open(), rooms, 'income')
    for (let looks = 0; looks < 2; looks += 1) expect(await incomeNews(rooms.app)).toEqual([])
    rooms.advance(2 * day)
    comesIn(rooms, itemId, 'ACME PAYROLL', 3_000, 1)
    rooms.simulator.controls.repairItem(itemId)
    expect(await incomeNews(rooms.app)).toEqual([300_000])
  })
})
