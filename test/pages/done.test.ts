import { execFile } from 'node:child_process'
import { request } from 'node:http'
import { createServer, Server } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import type { App } from '../../src/app.ts'
import { clickLink } from '../../src/simulator/click.ts'
import { openStore } from '../../src/store/index.ts'
import { dataDirectory, newLink, openRooms, type Rooms } from '../support/rooms.ts'
import { until } from '../support/until.ts'
import { pagesOn } from './pages-on.ts'

const anyPort = { COFFER_PAGES_PORT: '0' }

/** A link, and the page of ours at which Plaid's page ends. */
async function linkWithPage(app: App) {
  const { link, url } = await newLink(app)
  const { redirectedTo } = await clickLink(url.open(), 'cancel')
  return { linkId: link.linkId, page: new URL(redirectedTo ?? '') }
}

async function rungAt({ app }: Rooms, linkId: string) {
  return (await app.store.links.find(linkId))?.rungAt ?? null
}

/** By the plain client of Node, since `fetch` sets Host by itself. */
function ask(url: URL, method: string, host: string) {
  return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const sent = request(url, { method, headers: { host } }, (answer) => {
        let body = ''
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }))
      })
      sent.once('error', reject)
      sent.end()
    },
  )
}

describe('the page after Link', () => {
  it('says where to go, in plain words, without a script or anything from elsewhere', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { page } = await linkWithPage(rooms.app)
    expect(page).toMatchObject({ protocol: 'http:', hostname: '127.0.0.1' })
    const answer = await fetch(page)
    const body = await answer.text()
    expect(answer.status).toBe(200)
    expect(body).toMatch(/<html lang="en">[^]*<h1>You can go back to the chat<\/h1>/)
    expect(body).toContain('name="viewport"')
    expect(body).toContain('prefers-color-scheme:dark')
    expect(body).not.toMatch(/<script|<img|<link|<form|<iframe|href=|src=|https?:/)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
    })
  })

  it('rings for its link and for no other, and once for all that comes within a second', async () => {
    await using rooms = await openRooms({}, anyPort)
    const other = await linkWithPage(rooms.app)
    const { linkId, page } = await linkWithPage(rooms.app)
    expect(await rungAt(rooms, linkId)).toBeNull()
    await fetch(page)
    const first = await rungAt(rooms, linkId)
    expect(first).not.toBeNull()
    await Promise.all([fetch(page), fetch(page), fetch(page, { method: 'HEAD' })])
    expect(await rungAt(rooms, linkId)).toBe(first)
    rooms.advance(1_001)
    await fetch(page)
    expect(await rungAt(rooms, linkId)).not.toBe(first)
    expect(await rungAt(rooms, other.linkId)).toBeNull()
  })

  it.each(['/done/unknown', '/done/%00', '/done/%E0%A4%A', '/done/..%2f..%2fetc', "/done/'%20or%201=1--"])(
    'tells nobody whether there is such a link: %s',
    async (path) => {
      await using rooms = await openRooms({}, anyPort)
      const { linkId, page } = await linkWithPage(rooms.app)
      const known = await (await fetch(page)).text()
      const before = await rungAt(rooms, linkId)
      rooms.advance(2_000)
      const answer = await fetch(`${page.origin}${path}?x=<script>alert(1)</script>`)
      expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: known })
      expect(await rungAt(rooms, linkId)).toBe(before)
    },
  )

  it('rings for no link of the other environment', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { linkId } = await linkWithPage(rooms.app)
    const other = await rooms.open({ PLAID_ENV: 'production' })
    const foreign = await linkWithPage(other)
    expect((await fetch(new URL(`/done/${linkId}`, foreign.page))).status).toBe(200)
    expect(await rungAt(rooms, linkId)).toBeNull()
  })

  it('is there all the same when the database is not', async () => {
    await using rooms = await openRooms({}, anyPort)
    const store = await openStore({ home: dataDirectory(rooms.home), now: rooms.now })
    const pages = pagesOn(store)
    const page = (await pages.doneUrl('none')) ?? ''
    const known = await (await fetch(page)).text()
    await store.close()
    expect(await (await fetch(page)).text()).toBe(known)
    await pages.close()
  })
})

describe('the local pages', () => {
  it('answer only to their own names', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { page, linkId } = await linkWithPage(rooms.app)
    const foreign = ['evil.example', `evil.example:${page.port}`, '127.0.0.1', '127.0.0.1:1', 'localhost:1']
    for (const host of [...foreign, `127.0.0.1.evil.example:${page.port}`, `[::1]:${page.port}`]) {
      const { status, body } = await ask(page, 'GET', host)
      expect({ host, status }).toEqual({ host, status: 403 })
      expect(body).not.toContain(host)
    }
    expect(await rungAt(rooms, linkId)).toBeNull()
    expect(await ask(page, 'GET', `localhost:${page.port}`)).toMatchObject({ status: 200 })
    expect(await rungAt(rooms, linkId)).not.toBeNull()
  })

  it('can only be looked at, and have no other page', async () => {
    await using rooms = await openRooms({}, anyPort)
    const { page, linkId } = await linkWithPage(rooms.app)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const { status, headers } = await ask(page, method, page.host)
      expect({ method, status, allow: headers.allow }).toEqual({ method, status: 405, allow: 'GET, HEAD' })
    }
    for (const path of ['/done', '/done/', `/done/${linkId}/more`, '/favicon.ico', '/plaid/webhook']) {
      const answer = await fetch(new URL(path, page))
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
      expect(await answer.text()).not.toContain(linkId)
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    }
    expect(await rungAt(rooms, linkId)).toBeNull()
    expect(await ask(page, 'HEAD', page.host)).toMatchObject({ status: 200, body: '' })
  })

  it('are where the settings say, and on any free port where that is taken', async () => {
    const stranger = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => stranger.once('listening', resolve))
    const port = String(Object(stranger.address()).port)
    await using rooms = await openRooms({}, { COFFER_PAGES_PORT: port })
    const displaced = await linkWithPage(rooms.app)
    expect(displaced.page.port).not.toBe(port)
    expect((await linkWithPage(rooms.app)).page.port).toBe(displaced.page.port)
    await new Promise((resolve) => stranger.close(resolve))
    const second = await rooms.open()
    expect((await linkWithPage(second)).page.port).toBe(port)
    // Whichever copy has the page: it rings for links of all.
    await fetch(`http://127.0.0.1:${port}/done/${displaced.linkId}`)
    expect(await rungAt(rooms, displaced.linkId)).not.toBeNull()
  })

  it('outlive a fault of their listening socket', async () => {
    await using rooms = await openRooms()
    const listen = vi.spyOn(Server.prototype, 'listen')
    const pages = pagesOn(rooms.app.store)
    try {
      const address = await pages.open()
      const server: unknown = listen.mock.contexts[0]
      if (!(server instanceof Server)) throw new Error('nothing listens')
      server.emit('error', new Error('made up'))
      server.emit('error', new Error('made up'))
      expect(listen).toHaveBeenCalledTimes(1)
      expect((await fetch(`${address}/done/nobody`)).status).toBe(200)
    } finally {
      listen.mockRestore()
      await pages.close()
    }
  })

  it('are opened again, at the same place, by the copy that goes on with a link', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const port = String(Object(free.address()).port)
    await new Promise((resolve) => free.close(resolve))
    await using rooms = await openRooms({}, { COFFER_PAGES_PORT: port })
    const store = await openStore({ home: dataDirectory(rooms.home), now: rooms.now })
    const pages = pagesOn(store, { port: Number(port) })
    await pages.doneUrl('none')
    const { link } = await newLink(rooms.app)
    await pages.close()
    await store.close()
    const page = `http://127.0.0.1:${port}/done/${link.linkId}`
    await expect(fetch(page)).rejects.toThrow(/fetch failed/)
    const second = await rooms.open()
    await second.connections.watcher.adopt()
    await until(async () => (await fetch(page).catch(() => null))?.status === 200)
  })

  it('end with their process', async () => {
    await using rooms = await openRooms({}, anyPort)
    const pages = pagesOn(rooms.app.store)
    const page = (await pages.doneUrl('none')) ?? ''
    expect((await fetch(page)).status).toBe(200)
    await pages.close()
    await expect(fetch(page)).rejects.toThrow(/fetch failed/)
    expect(await pages.doneUrl('none')).toBeNull()
  })

  it('keep no process alive, not even with a browser that stays connected', async () => {
    const child = join(import.meta.dirname, 'children/open-and-end.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [child], { timeout: 10_000 })
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/done\/none\n$/)
  })
})
