import { describe, expect, it } from 'vitest'
import { syncSnapshot } from '../../src/tools/sync-snapshot.ts'
import { invoke } from '../../src/tools/run.ts'
import { silentLog } from '../../src/log.ts'
import type { App } from '../../src/app.ts'
import { brokerage, openRooms, type Rooms } from '../support/rooms.ts'
import { visit } from './visit.ts'

const anyPort = { COFFER_PAGES_PORT: '0' }
/** What the script of a page says of itself, asking for the page once more. */
const again = { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }

async function snapshotOf(app: App, args: object) {
  const { signal } = new AbortController()
  const call = { core: async () => app, log: silentLog, signal, progress: () => undefined }
  return await invoke(syncSnapshot, args, call)
}

/** A bank and a brokerage whose data of the last weeks are here. */
async function fetched(rooms: Rooms) {
  const itemId = await rooms.connect()
  await rooms.connect(brokerage, { kind: 'brokerage' })
  await snapshotOf(rooms.app, { max_age_minutes: 0 })
  return { itemId, browser: await visit(rooms.app) }
}

/** Text without tags, one space between words. */
function wordsOf(html: string): string {
  const body = html.slice(html.indexOf('<main'))
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

function dollars(amount: number): string {
  const sign = amount < 0 ? '-' : ''
  return `${sign}$${Math.abs(amount).toLocaleString('en-US', { minimumFractionDigits: 2 })}`
}

describe('the page of the snapshot', () => {
  it('shows the figures of sync_snapshot, and asks no bank by being looked at', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { browser } = await fetched(rooms)
    const [totals] = (await snapshotOf(rooms.app, { max_age_minutes: -1 })).totals
    const before = rooms.simulator.controls.calls().length
    rooms.advance(3 * 60 * 60_000)
    const words = wordsOf((await browser.get('/snapshot')).text)
    expect(totals?.net_worth).toBeDefined()
    for (const [name, amount] of [
      ['Net worth', totals?.net_worth],
      ['In the bank', totals?.bank_balance],
      ['Owed on loans', totals?.loans_owed],
      ['Invested', totals?.investments],
      ['Income', totals?.income],
      ['Net cash flow', totals?.net_cash_flow],
    ] as const)
      expect(words).toContain(`${name} ${dollars(amount ?? 0)}`)
    expect(words).toMatch(/First Platypus Bank Works stored 3 h ago/)
    expect(words).toContain(`How ${dollars(totals?.investments ?? 0)} is invested`)
    expect(rooms.simulator.controls.calls().length).toBe(before)
  })

  it('names the bank that is broken, with its button, and keeps the figures of the others', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await fetched(rooms)
    rooms.simulator.controls.resetLogin(itemId)
    expect(await browser.press('sync_snapshot', { max_age_minutes: 0 })).toEqual({
      status: 303,
      to: '/snapshot',
    })
    const { text } = await browser.get('/snapshot')
    expect(wordsOf(text)).toContain('Not complete: First Platypus Bank.')
    expect(text).toContain('what is missing is told below')
    expect(text.match(/data-tool="start_reauth"/g)).toHaveLength(1)
    expect(wordsOf(text)).toMatch(/Houndstooth Bank Works stored just now/)
  })

  it('draws the months, those that are not known from their first day with a star until they are fetched', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { browser } = await fetched(rooms)
    const { text } = await browser.get('/snapshot')
    expect(text).toMatch(/\d{4}-\d\d\*/)
    const from = /&quot;from&quot;:&quot;(\d{4}-\d\d-01)&quot;/.exec(text)?.[1] ?? ''
    expect(await browser.press('get_cash_flow', { from })).toEqual({ status: 303, to: '/snapshot' })
    const whole = await browser.get('/snapshot')
    expect(whole.text).toContain('These months were fetched.')
    expect(whole.text).not.toMatch(/\d{4}-\d\d\*/)
    expect(whole.text).not.toContain('get_cash_flow')
    expect(whole.text.match(/<rect class="c[01]" x=/g)).toHaveLength(12)
    expect(wordsOf(whole.text)).toContain(`${from.slice(0, 7)} $`)
  })

  it('counts as a look of a person when it is opened, and not when it is made anew by itself', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await fetched(rooms)
    const usedAt = async () => (await rooms.find(itemId)).lastUsedAt
    const before = await usedAt()
    rooms.advance(60_000)
    await browser.get('/snapshot', again)
    await browser.get('/upcoming', again)
    expect(await usedAt()).toBe(before)
    const version = await browser.get('/version')
    await browser.get('/snapshot', again)
    expect((await browser.get('/version')).text).toBe(version.text)
    await browser.get('/snapshot')
    expect(await usedAt()).not.toBe(before)
  })

  it('has nothing to draw while nothing is connected', async () => {
    await using rooms = await openRooms({}, anyPort)
    const browser = await visit(rooms.app)
    const { text } = await browser.get('/snapshot')
    expect(wordsOf(text)).toContain('No bank is connected yet.')
    expect(text).not.toContain('<svg')
  })
})

describe('the other pages', () => {
  it('tell what is due and expected', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { browser } = await fetched(rooms)
    const words = wordsOf((await browser.get('/upcoming')).text)
    expect(words).toMatch(
      /NORTHWIND LABS PAYROLL DIR DEP \d{4}-\d\d-\d\d semimonthly Everyday Checking \$2,612\.37/,
    )
    expect(words).toMatch(/Everyday Checking, First Platypus Bank \$[\d,.]+ -?\$[\d,.]+ \d{4}-\d\d-\d\d/)
  })

  it('tell when what is fetched, and which tokens there are', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { browser } = await fetched(rooms)
    const words = wordsOf((await browser.get('/upkeep')).text)
    expect(words).toMatch(/First Platypus Bank Works with the daily job .* just now, well/)
    expect(words).toContain('Alive 2 Over 0')
    expect(words).toContain('Nothing is fetched by itself now')
    expect(words).toContain('Back the database up every day at 04:00')
    expect(words).toContain('Fetch all banks')
    expect(words).toContain('Check the database on Sundays at 05:00')
  })

  it('say in words why a bank could not be fetched, and the code behind them', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await fetched(rooms)
    rooms.simulator.controls.resetLogin(itemId)
    await rooms.app.sync.run(itemId, 'schedule').catch(() => undefined)
    const words = wordsOf((await browser.get('/upkeep')).text)
    expect(words).toContain('just now: The bank wants a new login. (ITEM_LOGIN_REQUIRED)')
  })

  it('say what keeps them from being made', async () => {
    await using rooms = await openRooms({}, anyPort)
    const browser = await visit(rooms.app)
    const { status, text } = await browser.get('/links/nobody')
    expect(status).toBe(200)
    expect(wordsOf(text)).toContain('There is no link with the link_id')
  })
})
