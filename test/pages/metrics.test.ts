import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { connection } from '../store/rows.ts'
import { freshStore } from '../store/fixtures.ts'
import { pagesOn } from './pages-on.ts'

const now = Date.parse('2026-03-10T12:00:00Z')

async function served(metrics: boolean) {
  const store = await freshStore()
  const pages = pagesOn(store, { metrics, now: () => now })
  onTestFinished(() => pages.close())
  const address = (await pages.open()) ?? ''
  return { store, address, get: (path: string) => fetch(`${address}${path}`) }
}

const sample =
  /^([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? (-?\d+(?:\.\d+)?)$/

/** The text format, strictly: each family once, with its help and type, then its samples, each once. */
function parsed(body: string): Map<string, number> {
  const samples = new Map<string, number>()
  const blocks = body.split(/^(?=# HELP )/m)
  const families = blocks.map((block) => familyOf(block, samples))
  expect(new Set(families).size).toBe(families.length)
  expect(body.endsWith('\n')).toBe(true)
  return samples
}

function familyOf(block: string, samples: Map<string, number>): string {
  const [help = '', type, ...lines] = block.trimEnd().split('\n')
  const family = /^# HELP ([a-z_]+) \S.*$/.exec(help)?.[1] ?? ''
  expect([family === '', type]).toEqual([false, `# TYPE ${family} gauge`])
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) {
    const [, name, labels = '', value] = sample.exec(line) ?? []
    expect([line, name, samples.has(line)]).toEqual([line, family, false])
    samples.set(`${name}${labels}`, Number(value))
  }
  return family
}

it('are numbers in the text format of Prometheus, and name no bank, id or person', async () => {
  const { store, get } = await served(true)
  const about = { institution: 'Bank "of" Names', person: 'Ana', lastSyncedAt: '2026-03-10T11:00:00.000Z' }
  await store.connections.insert(connection({ ...about, itemId: 'item-secret' }), 'v1.key.sealed')
  const broken = { ...about, itemId: 'item-broken', status: 'needs_reauth', syncError: 'BANK_DOWN' } as const
  await store.connections.insert(connection(broken), 'v1.key.sealed')
  const limits = [{ key: 'k', perMinute: 9 }]
  await store.calls.take(limits, now, {
    itemId: 'item-secret',
    endpoint: '/accounts/balance/get',
    per: 'call',
  })
  await store.calls.take(limits, now, { itemId: 'item-secret', endpoint: '/transactions/get', per: 'month' })
  await store.jobs.claim({ name: 'cleanup', lastRunAt: null, lastCode: null }, about.lastSyncedAt)
  await store.leader.write({ pid: process.pid, since: about.lastSyncedAt, port: null, problem: null })
  const answer = await get('/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const body = await answer.text()
  expect(Object.fromEntries(parsed(body))).toMatchObject({
    'coffer_connections{status="active"}': 1,
    'coffer_connections{status="needs_reauth"}': 1,
    'coffer_connections{status="expired"}': 0,
    coffer_connections_failing: 1,
    coffer_oldest_sync_timestamp_seconds: Date.parse(about.lastSyncedAt) / 1000,
    coffer_billed_calls: 1,
    'coffer_subscriptions{endpoint="/transactions/get"}': 1,
    'coffer_job_failed{job="cleanup"}': 1,
    coffer_leads: 1,
    coffer_listens: 0,
    coffer_webhooks_pending: 0,
  })
  for (const secret of ['item-', 'Bank', 'Ana', 'sealed']) expect(body).not.toContain(secret)
})

it('of an empty household are numbers too', async () => {
  const { get } = await served(true)
  expect(parsed(await (await get('/metrics')).text()).get('coffer_connections{status="active"}')).toBe(0)
})

it('tell whether the database answers', async () => {
  const { store, get } = await served(true)
  expect([(await get('/healthz')).status, await (await get('/healthz')).json()]).toEqual([
    200,
    { status: 'ok' },
  ])
  await store.close()
  expect((await get('/healthz')).status).toBe(503)
})

it('tell that the last full check found it damaged', async () => {
  const { store, get } = await served(true)
  const never = { name: 'integrity', lastRunAt: null, lastCode: null }
  expect(await store.jobs.claim(never, '2026-11-08T05:00:00.000Z')).toBe(true)
  expect((await get('/healthz')).status).toBe(200)
  await store.jobs.ended('integrity', 'DATABASE_DAMAGED')
  expect([(await get('/healthz')).status, await (await get('/healthz')).json()]).toEqual([
    503,
    { status: 'the database is damaged' },
  ])
  await store.jobs.ended('integrity', null)
  expect((await get('/healthz')).status).toBe(200)
})

it('are not there unless they are asked for', async () => {
  const { get } = await served(false)
  expect([(await get('/metrics')).status, (await get('/healthz')).status]).toEqual([404, 404])
})

it('are shown to no web page that has a name of its own point here', async () => {
  const { address } = await served(true)
  for (const path of ['/metrics', '/healthz']) {
    const asked = request(`${address}${path}`, { headers: { host: 'evil.example' } })
    const { promise, resolve } = Promise.withResolvers<[number | undefined, string]>()
    asked.on(
      'response',
      (response) => void text(response).then((said) => resolve([response.statusCode, said])),
    )
    asked.end()
    const [status, said] = await promise
    expect(status).toBe(403)
    expect(said).not.toContain('coffer_')
  }
})
