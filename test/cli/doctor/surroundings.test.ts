import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { clientsOf } from '../../../src/cli/doctor/clients.ts'
import { clockOf, findingOf } from '../../../src/cli/doctor/clock.ts'
import { portsOf } from '../../../src/cli/doctor/ports.ts'
import { reachOf } from '../../../src/cli/doctor/reach.ts'
import { rightsOf } from '../../../src/cli/doctor/rights.ts'
import { jobsOf } from '../../../src/cli/doctor/jobs.ts'
import { scheduleOf } from '../../../src/cli/doctor/schedule.ts'
import { readConfig } from '../../../src/config.ts'
import type { Scheduled } from '../../../src/jobs/schedule.ts'
import { answerToChallenge, challengeAnswerHeader, challengeHeader } from '../../../src/webhook-challenge.ts'
import { connection } from '../../store/rows.ts'
import { freePort } from '../../support/port.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-doctor-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

type Reply = (headers: IncomingHttpHeaders) => { status: number; headers?: Record<string, string> }

async function answering(reply: Reply): Promise<string> {
  const server = createServer(({ headers }, response) => {
    const { status, headers: more = {} } = reply(headers)
    response.writeHead(status, more).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/plaid/webhook`
}

describe('the clock', () => {
  it.each([
    [0, true, "agrees with Plaid's"],
    [-1400, true, "agrees with Plaid's"],
    [-45_000, true, "45 s off Plaid's"],
    [61_000, false, "61 s ahead of Plaid's"],
    [-600_000, false, "10 min behind Plaid's"],
    [7_200_000, false, "2 h ahead of Plaid's"],
    [-31_536_000_000, false, "365 days behind Plaid's"],
  ])('%d ms ahead: fine is %s', (ahead, ok, says) => {
    expect(findingOf(ahead)).toMatchObject({ ok, says })
  })

  it('is held against the date of an answer, whatever that says', async () => {
    const date = 'Mon, 02 Mar 2026 10:00:00 GMT'
    const url = await answering(() => ({ status: 404, headers: { date } }))
    expect(await clockOf(url, () => Date.parse(date) + 300_000)).toMatchObject([
      { ok: false, says: expect.stringMatching(/^5 min ahead/) },
    ])
  })

  it('says nothing where there is no answer', async () => {
    expect(await clockOf('http://127.0.0.1:1', () => 0)).toEqual([])
  })
})

describe('the webhook address', () => {
  const here = 'database-1'
  const answerOf =
    (databaseId: string): Reply =>
    (headers) => ({
      status: 401,
      headers: { [challengeAnswerHeader]: answerToChallenge(databaseId, String(headers[challengeHeader])) },
    })

  it.each<[string, Reply, boolean, RegExp]>([
    ['this listener', answerOf(here), true, /leads here$/],
    ['that of another data directory', answerOf('database-2'), false, /another data directory/],
    ['something else', () => ({ status: 200 }), false, /HTTP 200, and not as the listener here/],
    ['one that minds the host', () => ({ status: 403 }), false, /HTTP 403/],
    [
      'a page that wants a login',
      () => ({ status: 302, headers: { location: '/login' } }),
      false,
      /HTTP 302/,
    ],
  ])('leads to %s', async (_what, reply, ok, says) => {
    const url = await answering(reply)
    const finding = await reachOf({ url, databaseId: here, hasRelay: false })
    expect(finding).toMatchObject({ ok, says: expect.stringMatching(says) })
    expect(finding.fix === undefined).toBe(ok)
  })

  it('may lead to a relay that keeps the rest to itself', async () => {
    const url = await answering(() => ({ status: 200 }))
    expect(await reachOf({ url, databaseId: here, hasRelay: true })).toMatchObject({
      ok: true,
      says: expect.stringMatching(/a relay answers/),
    })
  })

  it('is told when nobody is there', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`
    expect(await reachOf({ url, databaseId: here, hasRelay: true })).toMatchObject({
      ok: false,
      says: expect.stringContaining('cannot be reached from here (ECONNREFUSED)'),
    })
  })
})

describe('ports', () => {
  const config = (env: Record<string, string> = {}) =>
    readConfig({ flags: {}, env: { COFFER_HOME: home, ...env } })
  const webhookUrl = { COFFER_WEBHOOK_URL: 'https://t.example.test/plaid/webhook' }
  const oks = async (env: Record<string, string>, listening: number | null, state: string) =>
    (await portsOf(config(env), listening, async () => state)).map(({ check, ok }) => `${check} ${ok}`)

  it('are looked at where they are set, and the one of the leader is its own', async () => {
    expect(await oks({}, null, 'FREE')).toEqual(['port 8765 true', 'port 8766 true'])
    expect(await oks({}, 8765, 'EADDRINUSE')).toEqual(['port 8766 true'])
    expect(await oks({ COFFER_PORT: '0', COFFER_PAGES_PORT: '0' }, null, 'FREE')).toEqual([])
    expect(await oks({ COFFER_LISTEN: 'off' }, null, 'FREE')).toEqual(['port 8766 true'])
  })

  it.each(['EADDRINUSE', 'EACCES'])(
    'that cannot be had (%s) are a fault where webhooks come',
    async (state) => {
      expect(await oks({}, null, state)).toEqual(['port 8765 true', 'port 8766 true'])
      expect(await oks(webhookUrl, null, state)).toEqual(['port 8765 false', 'port 8766 true'])
    },
  )
})

describe('the data directory', () => {
  it('is fine when nobody else can use it', () => {
    chmodSync(home, 0o700)
    writeFileSync(join(home, 'coffer.db'), '', { mode: 0o600 })
    expect(rightsOf(home)).toEqual({ check: 'data', ok: true, says: home })
    expect(rightsOf(join(home, 'not-yet'))).toMatchObject({ ok: true })
  })

  it.each([
    ['the directory', 0o750, 0o600],
    ['a file', 0o700, 0o640],
  ])('is not when others can use %s', (_what, directory, file) => {
    const settings = join(home, 'config.json')
    writeFileSync(settings, '{}')
    chmodSync(settings, file)
    chmodSync(home, directory)
    const wrong = file === 0o600 ? home : settings
    const fix = `Run: chmod -R go= '${home}'`
    expect(rightsOf(home)).toEqual({ check: 'data', ok: false, says: `others can use ${wrong}`, fix })
    expect(rightsOf(home, 'win32')).toMatchObject({ ok: true })
  })
})

it('a data directory that cannot be looked into is a fault of its own', () => {
  const loop = join(home, 'loop')
  symlinkSync(loop, loop)
  expect(rightsOf(loop)).toMatchObject({ ok: false, says: `${loop} cannot be looked into` })
})

describe('the schedule', () => {
  const row = (changes: Partial<Scheduled>): Scheduled => ({
    connection: connection({}),
    everyMinutes: 0,
    begunAt: null,
    runs: [],
    nextRun: null,
    overdue: false,
    ...changes,
  })

  it('names what is overdue, and what to do about it', () => {
    const all = [row({ overdue: true }), row({ nextRun: 1 })]
    expect(scheduleOf(all, false)).toMatchObject([
      {
        ok: false,
        says: expect.stringMatching(/^overdue: /),
        fix: expect.stringMatching(/coffer-mcp listen/),
      },
    ])
    expect(scheduleOf(all, true)).toMatchObject([{ ok: false, fix: expect.stringMatching(/sync_schedule/) }])
  })

  it('says when it goes on, and nothing where there is nothing to fetch', () => {
    expect(scheduleOf([row({ nextRun: 2 }), row({ nextRun: 1 })], true)).toMatchObject([{ ok: true }])
    expect(scheduleOf([], true)).toEqual([])
  })
})

it('names jobs of the background that failed, and none that runs', () => {
  const lastRunAt = '2026-11-08T05:00:00.000Z'
  const jobs = [
    { name: 'backup', lastRunAt, lastCode: 'DISK_FULL' },
    { name: 'cleanup', lastRunAt, lastCode: 'CANCELLED' },
    { name: 'prune', lastRunAt, lastCode: null },
  ]
  expect(jobsOf(jobs)).toMatchObject([
    { ok: false, says: expect.stringMatching(/^backup failed: DISK_FULL: The disk is full\. \(/) },
  ])
})

describe('clients', () => {
  const desktop = () => join(home, '.config', 'Claude', 'claude_desktop_config.json')
  const given = (config: unknown) => {
    mkdirSync(dirname(desktop()), { recursive: true })
    writeFileSync(desktop(), typeof config === 'string' ? config : JSON.stringify(config))
  }
  const here = () => ({
    script: join(home, 'bin.js'),
    config: { home: '/data', environment: 'sandbox' } as const,
  })
  const found = () => clientsOf({ home, env: {}, platform: 'linux' }, here())[0]
  const entry = (changes: object) => ({
    mcpServers: { coffer: { command: process.execPath, args: [join(home, 'bin.js')], ...changes } },
  })
  beforeEach(() => writeFileSync(join(home, 'bin.js'), ''))

  it('that are not here are no fault', () => {
    expect(found()).toEqual({ check: 'Claude Desktop', ok: true, says: 'not on this machine' })
    expect(clientsOf({ home, env: {}, platform: 'linux' }, { ...here(), config: null })).toHaveLength(2)
  })

  it.each([
    ['has Coffer', () => entry({}), true, /^has an entry for coffer \(.*json\)$/],
    ['was never told of it', () => ({}), true, /coffer-mcp install claude-desktop adds it/],
    ['starts it by its PATH', () => entry({ command: 'npx', args: ['-y', 'coffer-mcp'] }), true, /json\)$/],
    [
      'starts a Node that is gone',
      () => entry({ command: '/gone/node' }),
      false,
      /starts \/gone\/node, which/,
    ],
    [
      'starts a script that is gone',
      () => entry({ args: ['--x', '/gone.js'] }),
      false,
      /starts \/gone\.js, which/,
    ],
    ['has an entry that is none', () => entry({ command: 3 }), false, /cannot be started/],
    ['has a file that is broken', () => '{', false, /is not valid JSON/],
    ['has other data', () => entry({ env: { COFFER_HOME: '/other' } }), true, /with the data in \/other$/],
    ['has the same data', () => entry({ env: { COFFER_HOME: '/data' } }), true, /json\)$/],
    [
      'has a secret',
      () => entry({ env: { PLAID_SECRET: 'hidden' } }),
      true,
      /coffer-mcp install claude-desktop then takes them out/,
    ],
    ['has other banks', () => entry({ env: { PLAID_ENV: 'production' } }), true, /with PLAID_ENV=production/],
    ['has the same banks', () => entry({ env: { PLAID_ENV: 'sandbox' } }), true, /json\)$/],
    [
      'starts something else',
      () => entry({ args: [process.execPath, 'hidden'] }),
      true,
      /starts \/.*, not \/.*bin\.js$/,
    ],
    ['starts what is no path', () => entry({ command: 'uvx', args: ['hidden'] }), true, /starts uvx, not/],
    ['has the demo', () => entry({ args: [join(home, 'bin.js'), '--demo'] }), true, /simulated banks$/],
  ])('one that %s', (_what, config, ok, says) => {
    given(config())
    expect(found()).toMatchObject({ ok, says: expect.stringMatching(says) })
    expect(found()?.says).not.toContain('hidden')
    expect(found()?.fix === undefined).toBe(ok)
  })
})
