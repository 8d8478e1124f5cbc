import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { account, connection } from '../store/rows.ts'
import { type Copy, type Household, household } from '../support/coffer.ts'
import { connectMadeUp } from './made-up-bank.ts'

const brokenBanks = 24
const longName = 'ä𝕏😀'.repeat(60)
const today = new Date().toISOString().slice(0, 10)

let house: Household
let copy: Copy
beforeAll(async () => {
  house = await household()
  copy = await house.start({ TZ: 'UTC' })
  const rows = Array.from({ length: 60 }, (_, at) => [at, `${at} ${longName}`, 10 + at] as const)
  await connectMadeUp(copy, [{ type: 'depository', subtype: 'checking', rows }])
  const store = await openStore({ home: house.env.COFFER_HOME ?? '' })
  for (let at = 0; at < brokenBanks; at += 1) {
    const itemId = `item${at}`
    const institution = `Bank ${at} `.padEnd(64, 'ä')
    await store.connections.insert(
      connection({ itemId, institution, status: 'needs_reauth', createdAt: `${today}T00:00:00.000Z` }),
      `sealed ${at}`,
    )
    const accounts = [1, 2].map((n) => account({ itemId, accountId: `${itemId}-${n}`, name: `Account ${n}` }))
    await store.accounts.replace(itemId, accounts)
  }
  await store.close()
})
afterAll(() => house[Symbol.asyncDispose]())

describe('an answer about many banks that broke', () => {
  it.each([
    ['search_transactions', {}],
    ['get_cash_flow', { group_by: 'merchant' }],
    ['get_positions', {}],
    ['get_upcoming', {}],
    ['sync_snapshot', {}],
    ['account_health', {}],
    ['list_connections', {}],
  ] as const)('of %s stays below 24 kB', async (tool, args) => {
    const answer = await copy.call(tool, args)
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(24_000)
  })

  it('names some of those whose transactions are not at hand, and counts the others', async () => {
    const { transactions, warnings } = await copy.call('search_transactions', { from: '2026-05-01' })
    expect(transactions.length).toBeGreaterThan(0)
    const told = warnings.filter(({ code }) => code === 'TRANSACTIONS_NOT_AT_HAND')
    expect(told).toHaveLength(9)
    expect(told.at(-1)?.text).toBe('Nor are those of 16 more banks; list_connections has them.')
  })
})
