import { describe, expect, it } from 'vitest'
import { minute, openRooms } from '../support/rooms.ts'
import { visit } from './visit.ts'

const anyPort = { COFFER_PAGES_PORT: '0' }

describe('the door of the pages', () => {
  it('opens once by each link, and for nobody who only looks ahead', async () => {
    await using rooms = await openRooms({}, anyPort)
    const url = (await rooms.app.pages.entryUrl())?.open() ?? ''
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(410)
    const entered = await fetch(url)
    expect(entered.status).toBe(200)
    expect(await entered.text()).toContain('content="0;url=/connections"')
    expect(entered.headers.get('set-cookie')).toMatch(
      /^coffer-\d+=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const again = await fetch(url)
    expect(again.status).toBe(410)
    expect(again.headers.get('set-cookie')).toBeNull()
    expect(await again.text()).toContain('coffer-mcp open')
  })

  it('is closed ten minutes after the link, twelve hours after the entry, and to made-up keys', async () => {
    await using rooms = await openRooms({}, anyPort)
    const late = (await rooms.app.pages.entryUrl())?.open() ?? ''
    const browser = await visit(rooms.app)
    rooms.advance(10 * minute)
    expect((await fetch(late)).status).toBe(410)
    expect((await browser.get('/connections')).status).toBe(200)
    rooms.advance(12 * 60 * minute)
    expect((await browser.get('/connections')).status).toBe(401)
    const [name] = browser.cookie.split('=')
    for (const cookie of ['', `${name}=`, `${name}=${'A'.repeat(43)}`, `${name}=__proto__`])
      expect((await browser.get('/connections', { cookie })).status).toBe(401)
    expect((await fetch(`${browser.origin}/enter/${'A'.repeat(43)}`)).status).toBe(410)
  })

  it('stays open beside that of another copy in the same browser', async () => {
    await using rooms = await openRooms({}, anyPort)
    const [first, second] = [await visit(rooms.app), await visit(await rooms.open())]
    const cookie = `${first.cookie}; ${second.cookie}`
    expect(first.cookie.split('=')[0]).not.toBe(second.cookie.split('=')[0])
    for (const browser of [first, second])
      expect((await browser.get('/connections', { cookie })).status).toBe(200)
  })

  it('tells nothing to who has not come in', async () => {
    await using rooms = await openRooms({}, anyPort)
    await rooms.connect()
    const { origin } = await visit(rooms.app)
    for (const path of ['/', '/connections', '/snapshot', '/upcoming', '/upkeep', '/links/x', '/version']) {
      const answer = await fetch(new URL(path, origin))
      expect({ path, status: answer.status }).toEqual({ path, status: 401 })
      expect(await answer.text()).not.toContain('Platypus')
    }
  })

  it('takes a button from nowhere but its own page', async () => {
    await using rooms = await openRooms({}, anyPort)
    const itemId = await rooms.connect()
    const browser = await visit(rooms.app)
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:1' },
      { origin: 'null' },
      { origin: '' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of foreign) {
      const { status } = await browser.press('start_reauth', { item_id: itemId, force: true }, headers)
      expect({ headers, status }).toEqual({ headers, status: 403 })
    }
    expect(await rooms.app.store.links.latestOf(itemId)).toMatchObject({ mode: 'new' })
  })

  it('takes no more than a button sends', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { press } = await visit(rooms.app)
    expect((await press('connect_bank', { label: 'x'.repeat(20_000) })).status).toBe(413)
    expect((await press('connect_bank', { label: 'x'.repeat(10_000) })).status).toBe(303)
    expect(await rooms.app.store.links.open()).toEqual([])
  })

  it('shows a page to no script of another server on this machine', async () => {
    await using rooms = await openRooms({}, anyPort)
    const browser = await visit(rooms.app)
    const asked = (headers: Record<string, string>) => browser.get('/connections', headers)
    const { origin } = browser
    expect((await asked({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await asked({ 'sec-fetch-site': 'none' })).status).toBe(200)
    expect((await asked({ 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect((await asked({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await asked({ origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'none' })).status).toBe(403)
    expect((await asked({ origin })).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a page behind the door', () => {
  it('may run one script of ours, ask this server alone, and stand in nobody’s frame', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { headers, text } = await (await visit(rooms.app)).get('/connections')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[^']+'$/),
      "script-src 'self'",
      "connect-src 'self'",
      'img-src data:',
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
    expect(text).not.toMatch(/<script(?! src="\/live\.js" defer><\/script>)| on\w+=| style=|https?:/)
  })
})
