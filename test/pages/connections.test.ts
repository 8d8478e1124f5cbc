import { describe, expect, it } from 'vitest'
import { openRooms, otherBank, type Rooms } from '../support/rooms.ts'
import { visit } from './visit.ts'

const anyPort = { COFFER_PAGES_PORT: '0' }

/** One bank whose login is broken, and is known to be; one that works. */
async function broken(rooms: Rooms) {
  const itemId = await rooms.connect()
  await rooms.connect(otherBank)
  rooms.simulator.controls.resetLogin(itemId)
  return { itemId, browser: await visit(rooms.app) }
}

describe('the page of connections', () => {
  it('shows what list_connections tells: state, ages, accounts, and a button for the next step', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await broken(rooms)
    const before = await browser.get('/connections')
    expect(before.text).toContain('2 connections; none needs you.')
    expect(before.text).toContain('Everyday Checking ••4021')
    expect(before.text).not.toContain('start_reauth')

    expect(await browser.press('list_connections', { refresh: true })).toEqual({
      status: 303,
      to: '/connections',
    })
    const { text } = await browser.get('/connections')
    expect(text).toMatch(/Plaid was asked about every login\. 2 connections; one needs you\./)
    expect(text).toMatch(/First Platypus Bank<\/h2>\s*<span class="badge amber">Needs a new login<\/span>/)
    expect(text).toContain(`data-arguments="{&quot;item_id&quot;:&quot;${itemId}&quot;}"`)
    expect(text.match(/>\s*Re-authenticate/g)).toHaveLength(1)
    // What is said of a button is said once.
    expect((await browser.get('/connections')).text).not.toContain('Plaid was asked')
  })

  it('leads to the login and says when it is repaired', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await broken(rooms)
    await browser.press('list_connections', { refresh: true })
    const { to } = await browser.press('start_reauth', { item_id: itemId })
    expect(to).toMatch(/^\/links\/[\w-]+$/)
    const { text } = await browser.get(to ?? '')
    const href = /href="([^"]+)"[^>]*target="_blank"/.exec(text)?.[1] ?? ''
    expect(href.startsWith(rooms.simulator.url)).toBe(true)
    expect(text).toContain('rel="noopener noreferrer"')
  })

  it('says what a button could not do, in the words of the tool', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await broken(rooms)
    for (const [tool, args, says] of [
      ['start_reauth', { item_id: 'nobody' }, /No connection has the item_id/],
      ['start_reauth', { item_id: itemId, nonsense: 1 }, /unknown argument &quot;nonsense&quot;/],
      ['set_rule', {}, /There is no such button/],
      ['constructor', {}, /There is no such button/],
      ['start_reauth', [], /did not come from a button/],
      ['start_reauth', '{"item_id":', /did not come from a button/],
    ] as const) {
      expect(await browser.press(tool, args)).toEqual({ status: 303, to: '/connections' })
      expect((await browser.get('/connections')).text).toMatch(says)
    }
  })

  it('disconnects only after the page that asks, for what was named', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await broken(rooms)
    const { to } = await browser.press('revoke_connection', { item_id: itemId })
    expect(to).toMatch(/^\/confirm\/[\w-]{43}$/)
    expect((await browser.get(to ?? '')).text).toContain('Remove First Platypus Bank? It ends at Plaid')
    expect(await rooms.app.store.connections.list()).toHaveLength(2)
    await fetch(new URL(to ?? '', browser.origin), {
      method: 'POST',
      body: new URLSearchParams({ answer: 'yes' }),
      headers: { origin: browser.origin },
    })
    expect((await browser.get('/connections')).text).toContain('One connection; none needs you.')
  })

  it('has no button that changes something where changes are off, and takes none', async () => {
    await using rooms = await openRooms({}, { ...anyPort, COFFER_READ_ONLY: '1' })
    const { itemId, browser } = await broken(rooms)
    await browser.press('list_connections', { refresh: true })
    const { text } = await browser.get('/connections')
    expect([...text.matchAll(/action="([^"]+)"/g)].map(([, path]) => path)).toEqual([
      '/call/list_connections',
    ])
    expect(text).toContain(`coffer-mcp reauth --item-id ${itemId}`)
    for (const tool of ['start_reauth', 'revoke_connection', 'connect_bank']) {
      expect((await browser.press(tool, { item_id: itemId })).to).toBe('/connections')
      expect((await browser.get('/connections')).text).toContain('Changes are switched off')
    }
    expect(await rooms.app.store.connections.list()).toHaveLength(2)
  })

  it('removes nothing where changes are off, whoever has asked', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { itemId, browser } = await broken(rooms)
    const { to } = await browser.press('revoke_connection', { item_id: itemId })
    const readOnly = await visit(await rooms.open({ COFFER_READ_ONLY: '1' }))
    const answer = await fetch(new URL(to ?? '', readOnly.origin), {
      method: 'POST',
      body: new URLSearchParams({ answer: 'yes' }),
      headers: { origin: readOnly.origin },
    })
    expect(await answer.text()).toContain('Changes are switched off in this copy, so nothing was removed.')
    expect(await rooms.app.store.connections.list()).toHaveLength(2)
  })

  it('shows what strangers wrote as text', async () => {
    await using rooms = await openRooms({}, anyPort)
    await rooms.connect(undefined, { label: '"><img src=x onerror=alert(1)>' })
    const { text } = await (await visit(rooms.app)).get('/connections')
    expect(text).toContain('onerror=alert(1)')
    expect(text).not.toContain('<img')
  })
})
