import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { bank, minute, openRooms, otherBank, type Rooms } from '../support/rooms.ts'
import { type AskedClient, askedClient, type Replies } from './asked-client.ts'
import { say } from './report.ts'

const third = 'ins_109510'
const names = [
  'confirm',
  'confirmed',
  'confirmation',
  'yes',
  'approve',
  'approved',
  'approval_id',
  'token',
  'answer',
  'consent',
  'force',
  'elicitation',
  'user_confirmed',
  'dry_run',
  'all',
  '_meta',
  '__proto__',
  'pending',
] as const
const values = [true, 'yes', 1, { confirm: true }] as const

/** Whatever a model can put into a call. */
async function forgedArguments(client: AskedClient, itemId: string, rest: () => void): Promise<number> {
  let tries = 0
  const ask = async (name: string, args: object, meta: object = {}) => {
    if (tries % 20 === 0) rest()
    tries += 1
    await client.call(name, args, undefined, meta)
  }
  for (const name of names) {
    for (const value of values) {
      // As it comes over the wire, so that no name is special.
      await ask('revoke_connection', JSON.parse(`{"item_id":"${itemId}","${name}":${JSON.stringify(value)}}`))
      await ask(
        'cleanup_tokens',
        JSON.parse(`{"days_threshold":1,"dry_run":false,"${name}":${JSON.stringify(value)}}`),
      )
    }
  }
  for (const meta of [{ _meta: { confirm: true } }, { confirm: true }, { task: { confirm: true } }]) {
    await ask('revoke_connection', { item_id: itemId }, meta)
    await ask('revoke_connection', { all: true }, meta)
  }
  return tries
}

const yes = { action: 'accept', content: { confirm: true } }
const results: readonly unknown[] = [
  ...['true', 'yes', 1, {}, [true], null, { confirm: true }, 'on'].map((confirm) => ({
    action: 'accept',
    content: { confirm },
  })),
  ...[{}, { yes: true }, { Confirm: true }, { 'confirm ': true }, [], 'confirm', null, true].map(
    (content) => ({ action: 'accept', content }),
  ),
  ...['decline', 'cancel', 'ACCEPT', 'accepted', 'yes', '', null, true].map((action) => ({ ...yes, action })),
  { action: 'accept' },
  { content: { confirm: true } },
  {},
  null,
  'accept',
  true,
  [yes],
  { result: yes },
]

/** Answers that are no yes, or are one to another question. */
function forgedReplies(seen: string | number): readonly Replies[] {
  const no = (id: number | string) => ({ id, result: { action: 'decline' } })
  return [
    ...results.map(
      (result): Replies =>
        (id) => [{ id, result }, no(id)],
    ),
    (id) => [{ id: Number(id) + 1, result: yes }, no(id)],
    (id) => [{ id: Number(id) - 1, result: yes }, no(id)],
    (id) => [{ id: seen, result: yes }, no(id)],
    (id) => [{ result: yes }, { id: null, result: yes }, no(id)],
    (id) => [{ id, error: { code: 0, message: 'yes', data: yes } }],
    (id) => [{ method: 'notifications/elicitation/complete', params: { elicitationId: id, ...yes } }, no(id)],
    (id) => [{ id: 'x', method: 'elicitation/create', params: yes }, no(id)],
  ]
}

interface Post {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const answerYes: Post = { method: 'POST', headers: form, body: 'answer=yes' }

async function send(page: URL, { method = 'POST', headers = {}, body = '' }: Post): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(page, { method, headers: { origin: page.origin, ...headers } }, (response) => {
      void text(response).then(() => resolve(response.statusCode ?? 0), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function pageFor(client: AskedClient, args: object): Promise<URL> {
  const answer = await client.call('revoke_connection', args)
  const url = /http:\/\/127\.0\.0\.1:\d+\/confirm\/[\w-]+/.exec(answer)?.[0]
  if (url === undefined) throw new Error(`no page: ${answer}`)
  return new URL(url)
}

/** The right page, and nothing that its button sends. */
function strangePosts(itemId: string): readonly Post[] {
  const body = 'answer=yes'
  return [
    ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => ({ ...answerYes, method })),
    ...[
      '',
      'answer=',
      'answer=YES',
      'answer=true',
      'answer=1',
      'yes',
      'answer=no',
      'Answer=yes',
      'answer=yes%00',
    ].map((other) => ({ headers: form, body: other })),
    ...['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1', 'http://localhost'].map(
      (origin) => ({ headers: { ...form, origin }, body }),
    ),
    ...['evil.example', '127.0.0.1', '127.0.0.1.evil.example', '[::1]', '2130706433'].map((host) => ({
      headers: { ...form, host },
      body,
    })),
    ...['cross-site', 'same-site', 'none', 'x'].map((site) => ({
      headers: { ...form, 'sec-fetch-site': site },
      body,
    })),
    { headers: { 'content-type': 'application/json' }, body: '{"answer":"yes"}' },
    { headers: { 'content-type': 'text/plain' }, body },
    { headers: form, body: `${body}&item_id=${itemId}&pad=${'x'.repeat(2_000)}` },
  ]
}

/** Every bit of the token, its other spellings, and what is nearly it. */
function otherTokens(token: string): string[] {
  const bytes = Buffer.from(token, 'base64url')
  const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const other = Buffer.from(bytes)
    other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    return other.toString('base64url')
  })
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const spelled = Array.from(alphabet)
    .map((last) => token.slice(0, -1) + last)
    .filter((other) => other !== token)
  const near = [
    token.slice(0, -1),
    token.slice(1),
    `${token}=`,
    `${token}A`,
    token.toUpperCase(),
    token.toLowerCase(),
    `${token}%20`,
    '%27%20or%201=1',
    '',
  ]
  return [...flipped, ...spelled, ...near].filter((other) => other !== token)
}

async function forgedPages(client: AskedClient, rooms: Rooms, itemId: string): Promise<number> {
  const page = await pageFor(client, { item_id: itemId })
  const posts = strangePosts(itemId)
  let tries = 0
  for (const post of posts) {
    // One that says no uses the question up.
    const asked = post.body === 'answer=no' ? await pageFor(client, { item_id: itemId }) : page
    await send(asked, post)
    tries += 1
  }
  const token = page.pathname.split('/').at(-1) ?? ''
  for (const other of otherTokens(token)) {
    await send(new URL(`/confirm/${other}`, page), answerYes)
    tries += 1
  }
  rooms.advance(5 * minute + 1)
  return tries + (await send(page, answerYes).then((status) => (status === 410 ? 1 : Number.NaN)))
}

/** One yes, and everybody who repeats it. */
async function replays(client: AskedClient, itemId: string, other: string): Promise<number> {
  const page = await pageFor(client, { item_id: itemId })
  const wide = { ...answerYes, body: `answer=yes&item_id=${other}&all=true` }
  const at = new URL(`?item_id=${other}&all=true`, page)
  const statuses = await Promise.all(Array.from({ length: 20 }, () => send(at, wide)))
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  for (let n = 0; n < 20; n += 1) expect(await send(page, answerYes)).toBe(410)
  return 39
}

it('nothing is removed without a yes from outside, however it is asked for', async () => {
  await using rooms = await openRooms({ rotAfterDays: 10_000 })
  const [first, second, last] = [
    await rooms.connect(bank),
    await rooms.connect(otherBank),
    await rooms.connect(third),
  ]
  rooms.advance(3 * 24 * 60 * minute)
  const rest = () => rooms.advance(2 * minute)
  const removed = () => rooms.calls('/item/remove')
  await using silent = await askedClient(rooms.app, {})
  await using asking = await askedClient(rooms.app, { elicitation: { form: {} } })
  let tries = await forgedArguments(silent, first, rest)
  let seen: string | number = 0
  rest()
  const agreed: Replies = (id) => {
    seen = id
    return [{ id, result: yes }]
  }
  expect(await asking.call('revoke_connection', { item_id: last }, agreed)).toContain('"revoked_count":1')
  expect(removed()).toBe(1)
  for (const [at, replies] of forgedReplies(seen).entries()) {
    if (at % 10 === 0) rest()
    await asking.call('revoke_connection', { item_id: second }, replies)
    await asking.call('revoke_connection', { all: true }, replies)
    tries += 2
    if (removed() > 1) throw new Error(`done without a yes: ${JSON.stringify(replies(0))}`)
  }
  rest()
  tries += await forgedPages(silent, rooms, first)
  const before = removed()
  rest()
  tries += await replays(silent, first, second)
  say(
    `destructive actions: ${tries} tries without a yes (arguments, answers to questions, pages, bits of tokens, too late, again), ` +
      `${asking.asked()} questions asked; executed ${before - 1} (target 0), again after one yes ${removed() - before - 1} (target 0)`,
  )
  expect([before, removed()]).toEqual([1, 2])
  expect((await rooms.app.store.connections.list()).map(({ itemId }) => itemId)).toEqual([second])
})
