import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection, Status } from '../../src/model.ts'
import { openStore } from '../../src/store/index.ts'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'
import { connection } from '../store/rows.ts'

interface Case {
  readonly what: string
  readonly status: Status
  readonly bank: string
  readonly hurt?: (house: Household, itemId: string) => void
  readonly changes?: Partial<Connection>
  /** The tool that the next step names. */
  readonly tool?: string
  readonly command: string
}

const cases: readonly Case[] = [
  {
    what: 'a login that broke',
    bank: 'ins_109508',
    status: 'needs_reauth',
    hurt: ({ simulator }, itemId) => simulator.controls.resetLogin(itemId),
    tool: 'start_reauth',
    command: 'coffer-mcp reauth --item-id',
  },
  {
    what: 'one that expires',
    bank: 'ins_109509',
    status: 'expiring',
    hurt: ({ simulator }, itemId) => simulator.controls.setConsentExpiry(itemId, 5),
    tool: 'start_reauth',
    command: 'coffer-mcp reauth --item-id',
  },
  {
    what: 'one that is over',
    bank: 'ins_109510',
    status: 'expired',
    hurt: ({ simulator }, itemId) => simulator.controls.breakItem(itemId, 'ITEM_NOT_FOUND'),
    tool: 'connect_bank',
    command: 'coffer-mcp connect --replaces',
  },
  {
    what: 'a permission that was taken back',
    bank: 'ins_130016',
    status: 'revoked',
    hurt: ({ simulator }, itemId) => simulator.controls.revoke(itemId),
    tool: 'connect_bank',
    command: 'coffer-mcp connect --replaces',
  },
  {
    what: 'something to be done at the bank',
    bank: 'ins_127287',
    status: 'bank_issue',
    hurt: ({ simulator }, itemId) => simulator.controls.breakItem(itemId, 'ITEM_LOCKED'),
    command: 'coffer-mcp reauth --item-id',
  },
  {
    what: 'new accounts',
    bank: 'ins_56',
    status: 'active',
    changes: { newAccounts: true },
    tool: 'start_reauth',
    command: 'coffer-mcp reauth --item-id',
  },
]

let house: Household
let copy: Copy
let readOnly: Copy
/** The bank that works, and the others in the order of the cases. */
let wellId: string
let itemIds: string[]

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  const banks = ['ins_109511', ...cases.map(({ bank }) => bank)]
  const connected = await Promise.all(banks.map((institutionId) => connectBank(copy, { institutionId })))
  const [well = '', ...ill] = connected.map((row) => row.item_id)
  wellId = well
  itemIds = ill
  await copy.call('sync_snapshot')
  for (const [at, { hurt }] of cases.entries()) hurt?.(house, idOf(at))
  await copy.call('list_connections', { refresh: true })
  // What only a webhook brings is written down.
  const store = await openStore({ home: house.env.COFFER_HOME ?? '' })
  for (const [at, { changes }] of cases.entries())
    await store.connections.change(idOf(at), (row) => ({ ...row, ...changes }))
  await store.close()
  readOnly = await house.start({ COFFER_READ_ONLY: '1' })
})
afterAll(() => house[Symbol.asyncDispose]())

const idOf = (at: number) => itemIds[at] ?? ''

type Row =
  | Results['sync_snapshot']['connections'][number]
  | Results['list_connections']['connections'][number]

/** What each of the three tools says of this connection. */
async function toldOf(itemId: string, by: Copy): Promise<(Row | undefined)[]> {
  const answers = [
    await by.call('list_connections'),
    await by.call('sync_snapshot', { max_age_minutes: -1 }),
    await by.call('sync_snapshot'),
    await by.call('get_positions'),
    await by.call('get_positions', { item_id: itemId }),
  ]
  return answers.map(({ connections }) => [...connections].find((row): row is Row => row.item_id === itemId))
}

describe('while a connection needs its owner, every tool names it with its next step', () => {
  it.each(cases.map((one, at) => ({ ...one, at })))('$what', async ({ at, status, tool }) => {
    for (const row of await toldOf(idOf(at), copy)) {
      expect(row).toMatchObject({ status })
      expect(row?.next_step?.text).toContain(row?.institution)
      expect(row?.next_step?.tool).toBe(tool)
    }
  })

  it.each(cases.map((one, at) => ({ ...one, at })))(
    '$what, by a command where changes are off',
    async ({ at, status, command }) => {
      for (const row of await toldOf(idOf(at), readOnly)) {
        expect(row).toMatchObject({ status })
        expect(row?.next_step?.text).toContain(`${command} ${idOf(at)}`)
        expect(row?.next_step?.text).not.toMatch(/start_reauth|connect_bank/)
        expect(row?.next_step).not.toHaveProperty('tool')
      }
    },
  )
})

/** The item_ids of those that are named although they are not shown. */
function named({ warnings }: Pick<Results['list_connections'], 'warnings'>): string[] {
  return warnings.filter(({ code }) => code === 'NEEDS_ATTENTION').map(({ item_id: id = '' }) => id)
}

describe('what the answer does not show', () => {
  it('of other pages and other statuses is named all the same', async () => {
    const listed = await copy.call('list_connections')
    expect([listed.needs_attention, named(listed)]).toEqual([cases.length, []])
    const page = await copy.call('list_connections', { limit: 2 })
    const shown = page.connections.map((row) => row.item_id)
    expect(page.needs_attention).toBe(cases.length)
    expect(named(page).toSorted()).toEqual(itemIds.filter((id) => !shown.includes(id)).toSorted())
    const expiring = await copy.call('list_connections', { status: 'expiring' })
    expect(named(expiring)).toHaveLength(cases.length - 1)
    const [first] = (await copy.call('list_connections', { status: 'preparing' })).warnings.filter(
      (warning) => warning.item_id === idOf(0),
    )
    expect(first?.text).toContain(`Call start_reauth with item_id=${idOf(0)}.`)
  })

  it('of positions of one bank is named, in the words of whoever is asked', async () => {
    const one = await copy.call('get_positions', { item_id: wellId })
    expect(one.connections.map((row) => row.item_id)).toEqual([wellId])
    expect(named(one).toSorted()).toEqual(itemIds.toSorted())
    const other = await readOnly.call('get_positions', { item_id: wellId })
    expect(named(other)).toEqual(named(one))
    expect(JSON.stringify(other.warnings)).not.toMatch(/start_reauth|connect_bank/)
  })

  it('of a hundred broken logins is named within 24 kB, in the resource too', async () => {
    await using crowd = await household()
    const store = await openStore({ home: crowd.env.COFFER_HOME ?? '' })
    for (let at = 0; at < 100; at += 1) {
      const row = {
        itemId: `item${at}`,
        institution: `Bank ${at} `.padEnd(64, 'ä'),
        status: 'needs_reauth',
      } as const
      await store.connections.insert(connection({ ...row, newAccounts: false }), `sealed ${at}`)
    }
    await store.close()
    const one = await crowd.start()
    const listed = await one.call('list_connections', { limit: 100 })
    expect(listed).toMatchObject({ total: 100, needs_attention: 100 })
    expect(listed.next_cursor).toBeDefined()
    expect(listed.warnings.at(-1)?.text).toMatch(/^\d+ more connections need attention/)
    expect(Buffer.byteLength(JSON.stringify(listed))).toBeLessThanOrEqual(24_000)
    const [content] = (await one.client.readResource({ uri: 'coffer://connections' })).contents
    const text = content !== undefined && 'text' in content ? content.text : ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(24_000)
    expect(JSON.parse(text)).toMatchObject({ total: 100, next_cursor: listed.next_cursor })
  })
})
