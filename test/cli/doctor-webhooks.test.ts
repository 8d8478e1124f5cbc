import { describe, expect, it } from 'vitest'
import { deliveryOf, leaderOf, settingsOf } from '../../src/cli/commands/doctor-webhooks.ts'
import { readConfig } from '../../src/config.ts'
import type { LeaderNote, WebhookDelivery } from '../../src/model.ts'
import { connection } from '../store/rows.ts'

const url = 'https://t.example.test/plaid/webhook'

function configOf(env: Record<string, string>) {
  return readConfig({ flags: {}, env: { COFFER_HOME: '/nowhere', ...env } })
}

const note: LeaderNote = { pid: 7, since: '2026-03-01T00:00:00Z', port: 8765, problem: null }

/** The finding about listening: ok or not, and what it says. */
function listening(isLed: boolean, said: LeaderNote | null, wanted: string | null) {
  const findings = leaderOf({ isLed, note: said, wanted }, configOf({}))
  const { ok, says, fix } = findings.find(({ check }) => check === 'webhooks') ?? { ok: null, says: '' }
  return { ok, says, hasFix: fix !== undefined }
}

describe('doctor on who listens', () => {
  it.each([
    ['a copy that does', true, note, url, true, /^listening on http:\/\/127\.0\.0\.1:8765\/plaid\/webhook$/],
    [
      'one that does without an address',
      true,
      note,
      null,
      true,
      /COFFER_WEBHOOK_URL is not set.*every 60 min/,
    ],
    ['nobody, where nothing is sent', false, null, null, true, /no copy is running.*every 60 min/],
    ['nobody, where Plaid sends', false, null, url, false, /no copy is running$/],
    ['a leader that is just starting', true, null, url, true, /just started/],
    [
      'a stranger',
      true,
      { ...note, port: null, problem: 'PORT_TAKEN' },
      url,
      false,
      /another program has the port/,
    ],
    [
      'no address and a stranger',
      true,
      { ...note, port: null, problem: 'PORT_TAKEN' },
      null,
      true,
      /another program has the port; while a copy runs, .*every 60 min/,
    ],
    [
      'something else',
      true,
      { ...note, port: null, problem: 'BAD_SETTING' },
      url,
      false,
      /BAD_SETTING: A setting/,
    ],
    [
      'something else without an address',
      true,
      { ...note, port: null, problem: 'BAD_SETTING' },
      null,
      true,
      /BAD_SETTING: A setting.*every 60 min/,
    ],
    ['a leader that is not to', true, { ...note, port: null }, url, false, /COFFER_LISTEN is off/],
    [
      'that without an address',
      true,
      { ...note, port: null },
      null,
      true,
      /COFFER_LISTEN is off.*every 60 min/,
    ],
  ] as const)('%s', (_who, isLed, said, wanted, ok, says) => {
    const found = listening(isLed, said, wanted)
    expect(found).toMatchObject({ ok, hasFix: !ok })
    expect(found.says).toMatch(says)
  })
})

describe('doctor on settings that contradict each other', () => {
  const checks = (env: Record<string, string>) =>
    settingsOf(configOf(env)).map(({ check, ok }) => `${ok ? '✓' : '✗'} ${check}`)

  it.each([
    ['none', {}, []],
    ['an address that fits', { COFFER_WEBHOOK_URL: url }, []],
    ['another path', { COFFER_WEBHOOK_URL: 'https://t.example.test/hook' }, ['✗ COFFER_WEBHOOK_URL']],
    [
      'another path with a relay',
      {
        COFFER_WEBHOOK_URL: 'https://t.example.test/hook',
        PLAID_WEBHOOK_FORWARD_SHARED_SECRET: 'plainly made up text',
      },
      [],
    ],
    [
      'an address where listening is off',
      { COFFER_WEBHOOK_URL: url, COFFER_LISTEN: 'off' },
      ['✓ COFFER_LISTEN'],
    ],
    ['listening off alone', { COFFER_LISTEN: 'off' }, []],
  ])('%s', (_what, env, found) => {
    expect(checks(env)).toEqual(found)
  })
})

describe('doctor on where Plaid sends', () => {
  const row = connection({ institution: 'First Bank' })
  const delivery: WebhookDelivery = {
    itemId: row.itemId,
    url: null,
    updateError: null,
    lastSentCode: null,
    lastSentAt: null,
    lastReceivedAt: null,
  }
  const now = Date.parse('2026-03-02T00:00:00Z')
  const says = (change: Partial<WebhookDelivery> | null, wanted: string | null) =>
    deliveryOf(row, change === null ? undefined : { ...delivery, ...change }, wanted, now).map(
      ({ ok, says: text }) => `${ok ? '✓' : '✗'} ${text}`,
    )

  it('says nothing where it need not send', () => {
    expect([says(null, null), says({}, null)]).toEqual([[], []])
  })

  it('names the address, wanted or not', () => {
    expect(says({ url }, null)).toEqual([`✓ Plaid sends them to ${url}`])
    expect(says({ url }, url)).toEqual([`✓ Plaid sends them to ${url}`])
  })

  it('names what will be changed', () => {
    expect(says(null, url)).toEqual([`✓ Plaid sends none yet; the leader will tell it to send to ${url}`])
    expect(says({ url: 'https://old.example.test/' }, url)).toEqual([
      `✓ Plaid sends them to https://old.example.test/; the leader will tell it to send to ${url}`,
    ])
  })

  it('says why it could not be changed', () => {
    expect(says({ updateError: 'PLAID_DOWN' }, url)).toEqual([
      `✗ Plaid sends none yet; it could not be told to send to ${url}: PLAID_DOWN: Plaid has an outage.`,
    ])
  })

  it('names the last one that did not arrive', () => {
    const sent = { url, lastSentCode: 'PENDING_DISCONNECT', lastSentAt: '2026-03-01T12:00:00Z' }
    expect(says(sent, url)).toEqual([
      `✗ Plaid sends them to ${url}, but PENDING_DISCONNECT of 2026-03-01T12:00:00Z did not arrive here`,
    ])
    expect(says({ ...sent, lastReceivedAt: '2026-03-01T12:00:00Z' }, url)).toEqual([
      `✓ Plaid sends them to ${url}`,
    ])
  })
})
