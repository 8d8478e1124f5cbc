import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Health, type HealthEvent, next } from '../../src/connections/transitions.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { active, inDays, named, now, second, states, type Trouble, troubleIn, troubles } from './states.ts'

function checked(code: ErrorCode | null = null, plaidCode: string | null = null) {
  return { type: 'checked', code, plaidCode, consentExpirationTime: null, at: inDays(0) } as const
}

function error(code: ErrorCode, plaidCode: string, seconds: number) {
  return { type: 'error', code, plaidCode, sentAt: second(seconds) } as const
}

/** What an event does to each facet; what is not named stays as it is. */
interface Effect {
  readonly event: HealthEvent
  /** By the trouble there was; `none` is no trouble. */
  readonly trouble?: Partial<Record<Trouble | 'none', Trouble | null>>
  readonly awaitingData?: boolean
  readonly warned?: boolean
  readonly newAccounts?: boolean
}

const login = { code: 'ITEM_LOGIN_REQUIRED', plaidCode: 'ITEM_LOGIN_REQUIRED' } as const
const always = (trouble: Trouble | null) => ({
  none: trouble,
  ...Object.fromEntries(troubles.map((from) => [from, trouble])),
})
const outage = { none: 'bank_issue' } as const
const pending = { type: 'pending', warning: 'PENDING_DISCONNECT', deadline: inDays(9) } as const

/** In every state the last check, webhooks and repair were at 12:00:00.500: a webhook's second tells what is older. */
const [older, equal, newer] = [-1, 0, 1]

const effects: Record<string, Effect> = {
  'a clean check': { event: checked(), trouble: always(null) },
  'a check: login needed': { event: checked(...Object.values(login)), trouble: always('needs_reauth') },
  'a check: locked': {
    event: checked('BANK_ACTION_REQUIRED', 'ITEM_LOCKED'),
    trouble: always('bank_issue'),
  },
  'a check: bank down': {
    event: checked('BANK_DOWN', 'INSTITUTION_DOWN'),
    trouble: always('bank_issue'),
  },
  'a check: bank busy': {
    event: checked('PLAID_RATE_LIMITED', 'INSTITUTION_RATE_LIMIT'),
    trouble: always('bank_issue'),
  },
  'a check: unheard of': { event: checked('PLAID_REJECTED', 'NEW_CODE'), trouble: always('bank_issue') },
  'a check: ended': {
    event: checked('CONNECTION_ENDED', 'ITEM_NOT_SUPPORTED'),
    trouble: always('expired'),
  },
  'a check: taken back': {
    event: checked('CONNECTION_ENDED', 'USER_PERMISSION_REVOKED'),
    trouble: always('revoked'),
  },
  'a call: login needed': { event: { type: 'failed', ...login }, trouble: always('needs_reauth') },
  'a call: locked': {
    event: { type: 'failed', code: 'BANK_ACTION_REQUIRED', plaidCode: 'ITEM_LOCKED' },
    trouble: always('bank_issue'),
  },
  'a call: gone': {
    event: { type: 'failed', code: 'CONNECTION_ENDED', plaidCode: 'ITEM_NOT_FOUND' },
    trouble: { ...always('expired'), revoked: 'revoked' },
  },
  'a call: bank down': {
    event: { type: 'failed', code: 'BANK_DOWN', plaidCode: 'INSTITUTION_DOWN' },
    trouble: outage,
  },
  'a call: Plaid down': { event: { type: 'failed', code: 'PLAID_DOWN', plaidCode: null }, trouble: outage },
  'a call: unheard of': { event: { type: 'failed', code: 'PLAID_REJECTED', plaidCode: 'NEW_CODE' } },
  'no data yet': { event: { type: 'not_ready' }, awaitingData: true },
  'data came': { event: { type: 'synced' }, awaitingData: false },
  'update mode finished': {
    event: { type: 'repaired', consentExpirationTime: null, finishedAt: null },
    warned: false,
    newAccounts: false,
  },
  ...webhook('ERROR, login needed', (at) => error(login.code, login.plaidCode, at), {
    trouble: always('needs_reauth'),
  }),
  ...webhook('ERROR, locked', (at) => error('BANK_ACTION_REQUIRED', 'ITEM_LOCKED', at), {
    trouble: always('bank_issue'),
  }),
  ...webhook('ERROR, ended', (at) => error('CONNECTION_ENDED', 'ITEM_NOT_SUPPORTED', at), {
    trouble: always('expired'),
  }),
  ...webhook('ERROR, bank down', (at) => error('BANK_DOWN', 'INSTITUTION_DOWN', at), { trouble: outage }),
  ...webhook('ERROR, unheard of', (at) => error('PLAID_REJECTED', 'NEW_CODE', at), {}),
  ...webhook('USER_PERMISSION_REVOKED', (at) => error('CONNECTION_ENDED', 'USER_PERMISSION_REVOKED', at), {
    trouble: always('revoked'),
  }),
  ...webhook('LOGIN_REPAIRED', (at) => ({ type: 'login_repaired', sentAt: second(at) }), {
    trouble: { needs_reauth: null },
    warned: false,
  }),
  ...webhook('PENDING_DISCONNECT', (at) => ({ ...pending, sentAt: second(at) }), { warned: true }),
  ...webhook('NEW_ACCOUNTS_AVAILABLE', (at) => ({ type: 'new_accounts', sentAt: second(at) }), {
    newAccounts: true,
  }),
}

/** One that is older than what it is compared with has no effect at all. */
function webhook(
  name: string,
  at: (seconds: number) => HealthEvent,
  effect: Omit<Effect, 'event'>,
): Record<string, Effect> {
  return {
    [`${name}, older`]: { event: at(older) },
    [`${name}, of the same second`]: { event: at(equal), ...effect },
    [`${name}, newer`]: { event: at(newer), ...effect },
  }
}

const heardBefore = {
  lastCheckedAt: inDays(0),
  repairedAt: inDays(0),
  errorSentAt: inDays(0),
  warningSentAt: inDays(0),
}

function expected(from: Health, { trouble = {}, awaitingData, warned, newAccounts }: Effect) {
  const before = troubleIn(from)
  const change = trouble[before ?? 'none']
  const after = change === undefined ? before : change
  const facets = {
    awaitingData: awaitingData ?? from.awaitingData,
    isWarned: warned ?? from.deadline !== null,
  }
  return {
    status: after ?? (facets.awaitingData ? 'preparing' : facets.isWarned ? 'expiring' : 'active'),
    ...facets,
    newAccounts: newAccounts ?? from.newAccounts,
  }
}

function seen({ status, awaitingData, deadline, warning, newAccounts }: Health) {
  expect(deadline === null).toBe(warning === null)
  return { status, awaitingData, isWarned: deadline !== null, newAccounts }
}

describe.each(Object.entries(effects))('%s', (_name, effect) => {
  const living = states.filter(({ status }) => status !== 'removing')
  it.each(living.map((state) => [named(state), state] as const))('on: %s', (_state, state) => {
    for (const newAccounts of [false, true]) {
      const from = { ...state, ...heardBefore, newAccounts }
      const after = next(from, effect.event, now)
      expect(seen(after)).toEqual(expected(from, effect))
    }
  })

  it('nothing changes in one that is being removed', () => {
    for (const removing of states.filter(({ status }) => status === 'removing'))
      expect(next(removing, effect.event, now)).toBe(removing)
  })
})

it.each(Object.entries(effects).filter(([name]) => name.endsWith(', older')))(
  'nothing at all changes by %s',
  (_name, { event }) => {
    for (const state of states) {
      const from = { ...state, ...heardBefore }
      expect(next(from, event, now)).toEqual(from)
    }
  },
)

describe('what a webhook is compared with', () => {
  const times = ['lastCheckedAt', 'repairedAt', 'errorSentAt', 'warningSentAt'] as const
  const broken: Health = { ...active, status: 'needs_reauth', reason: 'EARLIER' }
  const compared: [string, Health, (sentAt: string) => HealthEvent, (typeof times)[number][]][] = [
    ['ERROR', active, (sentAt) => ({ ...error(login.code, login.plaidCode, 0), sentAt }), ['lastCheckedAt']],
    ['PENDING_DISCONNECT', active, (sentAt) => ({ ...pending, sentAt }), ['repairedAt', 'warningSentAt']],
    [
      'LOGIN_REPAIRED',
      broken,
      (sentAt) => ({ type: 'login_repaired', sentAt }),
      ['repairedAt', 'errorSentAt', 'warningSentAt'],
    ],
    ['NEW_ACCOUNTS_AVAILABLE', active, (sentAt) => ({ type: 'new_accounts', sentAt }), ['repairedAt']],
  ]

  it.each(compared)('%s', (_name, state, event, matter) => {
    for (const time of times) {
      const from = { ...state, [time]: inDays(0) }
      const isIgnored = isDeepStrictEqual(next(from, event(second(older)), now), from)
      expect([time, isIgnored]).toEqual([time, matter.includes(time)])
      expect(isDeepStrictEqual(next(from, event(second(equal)), now), from)).toBe(false)
    }
  })

  it('the time of the last ERROR is that of the one sent last, whichever came last', () => {
    const both = [5, 3].reduce(
      (state, at) => next(state, error(login.code, login.plaidCode, at), now),
      active,
    )
    expect(both.errorSentAt).toBe(second(5))
  })
})

describe('codes that say nothing of the login', () => {
  it.each([
    'CONSENT_REQUIRED',
    'NOT_READY',
    'PLAID_RATE_LIMITED',
    'PLAID_UNREACHABLE',
    'PLAID_KEYS_REJECTED',
    'PRODUCT_UNAVAILABLE',
    'CANCELLED',
  ] as const)('%s', (code) => {
    for (const state of states) {
      expect(next(state, { type: 'failed', code, plaidCode: null }, now)).toEqual(state)
    }
  })
})

describe('what is told besides the status', () => {
  const after = (from: Health, event: HealthEvent) => next(from, event, now)

  it("keeps Plaid's code as the reason, and ours where Plaid gave none", () => {
    expect(after(active, checked('BANK_ACTION_REQUIRED', 'ITEM_LOCKED')).reason).toBe('ITEM_LOCKED')
    expect(after(active, { type: 'failed', code: 'PLAID_DOWN', plaidCode: null }).reason).toBe('PLAID_DOWN')
    expect(after(active, checked('PLAID_REJECTED', 'SOMETHING_NEW')).reason).toBe('SOMETHING_NEW')
    expect(after(after(active, { type: 'failed', ...login }), checked()).reason).toBeNull()
    expect(after(active, { ...pending, sentAt: second(0) }).reason).toBe('PENDING_DISCONNECT')
  })

  it('a check leaves its time, whatever it says; other events leave none', () => {
    expect(after(active, checked()).lastCheckedAt).toBe(inDays(0))
    expect(after(active, checked('BANK_DOWN', 'INSTITUTION_DOWN')).lastCheckedAt).toBe(inDays(0))
    expect(after(active, { type: 'failed', code: 'BANK_DOWN', plaidCode: null }).lastCheckedAt).toBeNull()
  })

  it('a check that was asked earlier, and answered later in another copy, takes nothing back', () => {
    const clean = { ...checked(), at: inDays(-1) }
    const broken = { ...checked(login.code, login.plaidCode), at: inDays(-2) }
    expect(after(after(active, clean), broken)).toEqual(after(active, clean))
    expect(after(after(active, broken), clean).status).toBe('active')
    const ahead = { ...active, lastCheckedAt: inDays(3) }
    expect(after(ahead, broken), 'the clock was set back').toMatchObject({
      status: 'needs_reauth',
      lastCheckedAt: inDays(-2),
    })
  })

  it('a finished update mode is dated by its session, and by now where Plaid does not tell', () => {
    const repaired = { type: 'repaired', consentExpirationTime: null } as const
    expect(after(active, { ...repaired, finishedAt: inDays(-1) }).repairedAt).toBe(inDays(-1))
    expect(after(active, { ...repaired, finishedAt: null }).repairedAt).toBe(inDays(0))
  })
})
