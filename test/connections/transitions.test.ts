import { describe, expect, it } from 'vitest'
import { type Health, type HealthEvent, next } from '../../src/connections/transitions.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { type Status, statuses } from '../../src/model.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const day = 86_400_000
const inDays = (days: number) => new Date(now + days * day).toISOString()

function health(status: Status, more: Partial<Health> = {}): Health {
  return {
    status,
    reason: status === 'active' || status === 'preparing' ? null : 'EARLIER',
    deadline: status === 'expiring' ? inDays(7) : null,
    answeredDeadline: null,
    newAccounts: false,
    lastCheckedAt: null,
    ...more,
  }
}

function checked(
  code: ErrorCode | null = null,
  plaidCode: string | null = null,
  consent: string | null = null,
) {
  return { type: 'checked', code, plaidCode, consentExpirationTime: consent, at: inDays(0) } as const
}

const events = {
  clean: checked(),
  loginNeeded: checked('ITEM_LOGIN_REQUIRED', 'ITEM_LOGIN_REQUIRED'),
  locked: checked('BANK_ACTION_REQUIRED', 'ITEM_LOCKED'),
  gone: { type: 'failed', code: 'CONNECTION_ENDED', plaidCode: 'ITEM_NOT_FOUND' },
  takenBack: checked('CONNECTION_ENDED', 'USER_PERMISSION_REVOKED'),
  unheardOf: checked('PLAID_REJECTED', 'SOMETHING_NEW'),
  bankBusy: checked('PLAID_RATE_LIMITED', 'INSTITUTION_RATE_LIMIT'),
  bankDown: { type: 'failed', code: 'BANK_DOWN', plaidCode: 'INSTITUTION_DOWN' },
  plaidDown: { type: 'failed', code: 'PLAID_DOWN', plaidCode: null },
  notReady: { type: 'not_ready' },
  synced: { type: 'synced' },
  repaired: { type: 'repaired', consentExpirationTime: null },
} as const satisfies Record<string, HealthEvent>
type EventName = keyof typeof events

/** Every status against every event. `=` stays as it is. */
const table: Record<EventName, Record<Status, Status | '='>> = {
  clean: row({ needs_reauth: 'active', bank_issue: 'active', expired: 'active', revoked: 'active' }),
  loginNeeded: row(allTo('needs_reauth')),
  locked: row(allTo('bank_issue')),
  gone: row(allTo('expired')),
  takenBack: row(allTo('revoked')),
  unheardOf: row({ active: 'bank_issue', preparing: 'bank_issue' }),
  bankBusy: row({ active: 'bank_issue', preparing: 'bank_issue' }),
  bankDown: row({ active: 'bank_issue', preparing: 'bank_issue' }),
  plaidDown: row({ active: 'bank_issue', preparing: 'bank_issue' }),
  notReady: row({ active: 'preparing', expiring: 'preparing' }),
  synced: row({ preparing: 'active' }),
  repaired: row({ ...allTo('active'), preparing: '=' }),
}

function row(changes: Partial<Record<Status, Status | '='>>): Record<Status, Status | '='> {
  const stays = Object.fromEntries(statuses.map((status) => [status, '=' as const]))
  // Every status is a key of `stays`.
  return { ...(stays as Record<Status, '='>), ...changes, removing: '=' }
}

function allTo(status: Status): Partial<Record<Status, Status>> {
  return Object.fromEntries(statuses.map((from) => [from, status]))
}

const cases = Object.entries(table).flatMap(([event, row]) =>
  statuses.map((from) => ({ event: event as EventName, from, to: row[from] === '=' ? from : row[from] })),
)

describe('every status and every event', () => {
  it.each(cases)('$from, $event: $to', ({ event, from, to }) => {
    expect(next(health(from), events[event], now).status).toBe(to)
  })

  it('removing is final: nothing about it changes', () => {
    for (const event of Object.values(events)) {
      expect(next(health('removing'), event, now)).toEqual(health('removing'))
    }
  })

  it.each([
    'CONSENT_REQUIRED',
    'NOT_READY',
    'PLAID_RATE_LIMITED',
    'PLAID_UNREACHABLE',
    'PLAID_KEYS_REJECTED',
    'PRODUCT_UNAVAILABLE',
    'CANCELLED',
  ] as const)('%s says nothing of the login', (code) => {
    for (const status of statuses) {
      expect(next(health(status), { type: 'failed', code, plaidCode: null }, now)).toEqual(health(status))
    }
  })
})

describe('what is told besides the status', () => {
  it("keeps Plaid's code as the reason, and ours where Plaid gave none", () => {
    expect(next(health('active'), events.locked, now).reason).toBe('ITEM_LOCKED')
    expect(next(health('active'), events.plaidDown, now).reason).toBe('PLAID_DOWN')
    expect(next(health('active'), events.unheardOf, now).reason).toBe('SOMETHING_NEW')
    expect(next(health('needs_reauth'), events.clean, now).reason).toBeNull()
  })

  it('a check leaves its time, whatever it says; other events leave none', () => {
    expect(next(health('active'), events.clean, now).lastCheckedAt).toBe(inDays(0))
    expect(next(health('active'), events.loginNeeded, now).lastCheckedAt).toBe(inDays(0))
    expect(next(health('active'), events.bankDown, now).lastCheckedAt).toBeNull()
  })

  it('new accounts are shared by a finished update mode, and by nothing else', () => {
    const waiting = health('active', { newAccounts: true })
    expect(next(waiting, events.clean, now).newAccounts).toBe(true)
    expect(next(waiting, events.repaired, now).newAccounts).toBe(false)
  })

  it('a deadline means nothing once the login is broken', () => {
    for (const name of ['loginNeeded', 'locked', 'gone', 'takenBack'] as const) {
      expect(next(health('expiring'), events[name], now).deadline).toBeNull()
    }
  })
})
