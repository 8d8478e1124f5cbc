import { describe, expect, it, onTestFinished } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import type { ApprovedAction } from '../../src/approved-action.ts'
import { freshStore } from '../store/fixtures.ts'
import { pagesOn } from './pages-on.ts'

const action: ApprovedAction = {
  removals: [{ itemId: 'item-1', cause: 'asked' }],
  question: 'Cut off <b>First Platypus Bank</b> for good?',
}

/** A page that asks, and what was done because of it. */
async function setUp(work: () => Promise<string> = async () => 'First Platypus Bank is cut off.') {
  let at = Date.parse('2026-11-10T12:00:00Z')
  const done: ApprovedAction[] = []
  const perform = async (agreed: ApprovedAction) => {
    done.push(agreed)
    return await work()
  }
  const pages = pagesOn(await freshStore(), { now: () => at, perform })
  onTestFinished(() => pages.close())
  const url = new URL((await pages.confirmUrl(action))?.open() ?? '')
  return { url, done, wait: (ms: number) => (at += ms) }
}

async function send(url: URL, answer: string, headers: Record<string, string> = { origin: url.origin }) {
  const sent = await fetch(url, { method: 'POST', body: new URLSearchParams({ answer }), headers })
  return { status: sent.status, text: await sent.text() }
}

describe('the page that asks', () => {
  it('shows the question as text, and does nothing by being opened', async () => {
    const { url, done } = await setUp()
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(url, { method })).status).toBe(200)
    const answer = await fetch(url)
    expect(await answer.text()).toContain('Cut off &lt;b&gt;First Platypus Bank&lt;/b&gt; for good?')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      // With no-referrer a browser would say `Origin: null` for its own form.
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.* form-action 'self';/),
    })
    expect(done).toEqual([])
  })

  it('does exactly what it asked, once', async () => {
    const { url, done } = await setUp()
    const sent = await Promise.all([send(url, 'yes'), send(url, 'yes'), send(url, 'yes')])
    expect(sent.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410])
    expect(sent.find(({ status }) => status === 200)?.text).toContain('First Platypus Bank is cut off.')
    expect(done).toEqual([action])
    expect((await send(url, 'yes')).status).toBe(410)
    expect((await fetch(url)).status).toBe(410)
    expect(done).toHaveLength(1)
  })

  it('does nothing after a no, also when a yes follows', async () => {
    const { url, done } = await setUp()
    expect(await send(url, 'no')).toMatchObject({
      status: 200,
      text: expect.stringContaining('Nothing was done'),
    })
    expect((await send(url, 'yes')).status).toBe(410)
    expect(done).toEqual([])
  })

  it('does nothing after five minutes', async () => {
    const { url, done, wait } = await setUp()
    wait(5 * 60_000)
    expect((await send(url, 'yes')).status).toBe(410)
    expect(done).toEqual([])
  })

  it('says what went wrong, and is used up all the same', async () => {
    const { url } = await setUp(async () => {
      throw new CofferError('PLAID_UNREACHABLE', 'Plaid is away.', { fix: 'It is tried again by itself.' })
    })
    const { text } = await send(url, 'yes')
    expect(text).toContain('It could not be done')
    expect(text).toContain('Plaid is away. It is tried again by itself.')
    expect((await send(url, 'yes')).status).toBe(410)
  })
})

describe('answers that are none', () => {
  it.each([
    ['of nobody', {}],
    ['of another page', { origin: 'https://evil.example' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['of a page without an origin', { origin: 'null' }],
    ['across sites', { 'sec-fetch-site': 'cross-site' }, 'ours'],
    ['of a page of the same machine', { 'sec-fetch-site': 'same-site' }, 'ours'],
  ])('%s', async (_what, headers: Record<string, string>, origin?: string) => {
    const { url, done } = await setUp()
    const own: Record<string, string> = origin === 'ours' ? { origin: url.origin } : {}
    expect((await send(url, 'yes', { ...own, ...headers })).status).toBe(403)
    expect(done).toEqual([])
    // Nobody else can use the question up.
    expect((await send(url, 'yes')).status).toBe(200)
  })

  it.each(['', 'true', 'yes ', 'YES', 'x'.repeat(5_000)])('with the text "%.9s"', async (answer) => {
    const { url, done } = await setUp()
    expect((await send(url, answer)).status).toBe(answer.length > 100 ? 413 : 403)
    expect(done).toEqual([])
  })

  it('to another path, or by another method', async () => {
    const { url, done } = await setUp()
    for (const path of ['/confirm', '/confirm/', '/confirm/none', `${url.pathname}/x`, `${url.pathname}x`]) {
      const { status } = await send(new URL(path, url), 'yes')
      expect({ path, isRefused: [405, 410].includes(status) }).toEqual({ path, isRefused: true })
    }
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await fetch(url, { method, body: 'answer=yes' })).status).toBe(405)
    expect(done).toEqual([])
  })
})
