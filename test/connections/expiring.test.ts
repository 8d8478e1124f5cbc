import { describe, expect, it } from 'vitest'
import { type Health, type HealthEvent, next } from '../../src/connections/transitions.ts'
import { active, day, inDays, now, second } from './states.ts'

const expiring: Health = {
  ...active,
  status: 'expiring',
  reason: 'CONSENT_EXPIRATION',
  warning: 'CONSENT_EXPIRATION',
  deadline: inDays(7),
  consentExpirationTime: inDays(7),
  lastCheckedAt: inDays(-1),
}
const synced: HealthEvent = { type: 'synced' }
const loginRepaired: HealthEvent = { type: 'login_repaired', sentAt: second(0) }

function clean(consentExpirationTime: string | null): HealthEvent {
  return { type: 'checked', code: null, plaidCode: null, consentExpirationTime, at: inDays(0) }
}
function broken(consentExpirationTime: string | null): HealthEvent {
  const code = 'ITEM_LOGIN_REQUIRED'
  return { type: 'checked', code, plaidCode: code, consentExpirationTime, at: inDays(0) }
}
function repaired(consentExpirationTime: string | null): HealthEvent {
  return { type: 'repaired', consentExpirationTime, finishedAt: null }
}
function disconnect(deadline: string | null): HealthEvent {
  return { type: 'pending', warning: 'PENDING_DISCONNECT', deadline, sentAt: second(0) }
}

function after(from: Health, ...events: readonly HealthEvent[]): Health {
  return events.reduce((state, event) => next(state, event, now), from)
}

describe('expiring begins', () => {
  it.each([
    [14.1, 'active'],
    [13.9, 'expiring'],
    [0.1, 'expiring'],
    [-0.9, 'expiring'],
    [-1.1, 'active'],
  ])('with a consent that ends in %s days: %s', (days, status) => {
    const { deadline, ...rest } = after(active, clean(inDays(days)))
    expect(rest).toMatchObject({ status, consentExpirationTime: inDays(days) })
    expect(deadline).toBe(status === 'expiring' ? inDays(days) : null)
  })

  it('with a webhook, which names the end or means a week', () => {
    const named = { status: 'expiring', reason: 'PENDING_DISCONNECT', warningSentAt: second(0) }
    expect(after(active, disconnect(inDays(5)))).toMatchObject({ ...named, deadline: inDays(5) })
    expect(after(active, disconnect(null))).toMatchObject({
      ...named,
      deadline: new Date(Date.parse(second(0)) + 7 * day).toISOString(),
    })
  })

  it('unseen while the first data are missing, since until then no figure is true', () => {
    const warned = after({ ...active, awaitingData: true, status: 'preparing' }, clean(inDays(3)))
    expect(warned).toMatchObject({ status: 'preparing', reason: null, deadline: inDays(3) })
    expect(after(warned, clean(inDays(3)))).toMatchObject({ status: 'preparing', deadline: inDays(3) })
    expect(after(warned, synced)).toMatchObject({
      status: 'expiring',
      reason: 'CONSENT_EXPIRATION',
      deadline: inDays(3),
    })
  })

  it('not at all when the consent was extended before the data came', () => {
    const warned = after({ ...active, awaitingData: true, status: 'preparing' }, clean(inDays(3)))
    const extended = after(warned, clean(inDays(300)))
    expect(extended).toMatchObject({ status: 'preparing', reason: null, deadline: null, warning: null })
    expect(after(extended, synced).status).toBe('active')
    expect(after(warned, repaired(inDays(300)), synced).status).toBe('active')
  })

  it('unseen while the login is broken, whichever came first', () => {
    for (const events of [
      [disconnect(inDays(5)), broken(null)],
      [broken(null), disconnect(inDays(5))],
    ]) {
      const both = after(active, ...events)
      expect(both).toMatchObject({ status: 'needs_reauth', deadline: inDays(5) })
      expect(after(both, clean(null))).toMatchObject({ status: 'expiring', deadline: inDays(5) })
    }
    expect(after(active, broken(inDays(3)), clean(inDays(3)))).toMatchObject({ status: 'expiring' })
  })
})

describe('expiring', () => {
  it('waits for data that Plaid does not have yet, and is expiring again then', () => {
    const waiting = after(expiring, { type: 'not_ready' })
    expect(waiting).toMatchObject({ status: 'preparing', deadline: inDays(7) })
    expect(after(waiting, synced)).toEqual(expiring)
  })

  it('outlives an outage, which hides it', () => {
    const out = after(expiring, { type: 'failed', code: 'BANK_DOWN', plaidCode: 'INSTITUTION_DOWN' })
    expect(out).toMatchObject({ status: 'bank_issue', deadline: inDays(7) })
    expect(after(out, clean(inDays(7)))).toMatchObject({ status: 'expiring', deadline: inDays(7) })
  })
})

describe('expiring ends', () => {
  it('not by a clean check: the Item is healthy until the bank cuts it off', () => {
    expect(after(expiring, clean(inDays(7)))).toMatchObject({ status: 'expiring', deadline: inDays(7) })
    expect(after(expiring, clean(null)).status).toBe('expiring')
  })

  it('by a finished update mode', () => {
    expect(after(expiring, repaired(inDays(365)))).toMatchObject({
      status: 'active',
      deadline: null,
      consentExpirationTime: inDays(365),
    })
  })

  it('by LOGIN_REPAIRED', () => {
    expect(after(expiring, loginRepaired)).toMatchObject({ status: 'active', deadline: null, warning: null })
  })

  it('by a consent that grew', () => {
    expect(after(expiring, clean(inDays(300)))).toMatchObject({ status: 'active', deadline: null })
    expect(after(expiring, clean(inDays(10)))).toMatchObject({ status: 'expiring', deadline: inDays(10) })
    expect(after(expiring, clean(inDays(5)))).toMatchObject({ status: 'expiring', deadline: inDays(7) })
    expect(after(expiring, broken(inDays(300)), clean(inDays(300))).status).toBe('active')
  })

  it.each([
    [7.5, 'expiring'],
    [7.99, 'expiring'],
    [8.01, 'active'],
  ])('by itself when the Item is healthy a day past the deadline: after %s days %s', (days, status) => {
    expect(next(expiring, clean(inDays(7)), now + days * day).status).toBe(status)
  })

  it('not by itself while the Item is broken', () => {
    const later = next(expiring, broken(inDays(7)), now + 9 * day)
    expect(later).toMatchObject({ status: 'needs_reauth', deadline: inDays(7) })
  })
})

describe('a disconnect that is announced for a login whose consent lasts long', () => {
  const known = after(active, clean(inDays(300)))

  it('is not taken back by that consent, however often it is told', () => {
    const warned = after(known, disconnect(inDays(7)), clean(inDays(300)), clean(inDays(300)))
    expect(warned).toMatchObject({ status: 'expiring', deadline: inDays(7) })
  })

  it('is not taken back by one that was left out once', () => {
    expect(after(known, disconnect(inDays(7)), clean(null), clean(inDays(300))).status).toBe('expiring')
  })

  it('is not taken back by the first consent ever seen', () => {
    expect(after(active, disconnect(inDays(7)), clean(inDays(300)), clean(inDays(300))).status).toBe(
      'expiring',
    )
  })

  it('is taken back by a longer one', () => {
    expect(after(known, disconnect(inDays(7)), clean(inDays(365))).status).toBe('active')
  })

  it('is taken back by one where Plaid knew of none before', () => {
    expect(after(active, clean(null), disconnect(inDays(7)), clean(inDays(365))).status).toBe('active')
  })

  it('is not taken back by one that grew and still ends before', () => {
    const short = after(active, clean(inDays(2)), repaired(inDays(2)))
    expect(after(short, disconnect(inDays(7)), clean(inDays(5)))).toMatchObject({ deadline: inDays(7) })
  })
})

describe('a consent time that has been answered', () => {
  it.each([
    ['update mode', repaired(inDays(7))],
    ['LOGIN_REPAIRED', loginRepaired],
  ])('by %s does not start the warning again when the bank left it as it was', (_by, answer) => {
    const mended = after(expiring, answer)
    expect(next(mended, clean(inDays(7)), now + day).status).toBe('active')
  })

  it('by LOGIN_REPAIRED is also the one that only a webhook told of', () => {
    const told: HealthEvent = { ...disconnect(inDays(6)), warning: 'PENDING_EXPIRATION' } as HealthEvent
    expect(after(active, told, loginRepaired, clean(inDays(6))).status).toBe('active')
  })

  it('does, when it is another one', () => {
    expect(next(after(expiring, repaired(inDays(7))), clean(inDays(9)), now + day).status).toBe('expiring')
    expect(next(after(expiring, loginRepaired), clean(inDays(9)), now + day).status).toBe('expiring')
  })

  it('does, a year later, when update mode had moved it there', () => {
    const mended = after(expiring, repaired(inDays(365)))
    expect(after(mended, clean(inDays(365))).status).toBe('active')
    expect(next(mended, clean(inDays(365)), now + 355 * day)).toMatchObject({
      status: 'expiring',
      deadline: inDays(365),
    })
  })
})
