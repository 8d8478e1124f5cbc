import { describe, expect, it } from 'vitest'
import { type Health, type HealthEvent, next } from '../../src/connections/transitions.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const day = 86_400_000
const inDays = (days: number) => new Date(now + days * day).toISOString()

const active: Health = {
  status: 'active',
  reason: null,
  deadline: null,
  answeredDeadline: null,
  newAccounts: false,
  lastCheckedAt: null,
}
const expiring: Health = { ...active, status: 'expiring', reason: 'CONSENT_EXPIRATION', deadline: inDays(7) }
const synced: HealthEvent = { type: 'synced' }

function clean(consentExpirationTime: string | null): HealthEvent {
  return { type: 'checked', code: null, plaidCode: null, consentExpirationTime, at: inDays(0) }
}
function repaired(consentExpirationTime: string | null): HealthEvent {
  return { type: 'repaired', consentExpirationTime }
}

describe('expiring begins', () => {
  it.each([
    [14.1, 'active'],
    [13.9, 'expiring'],
    [0.1, 'expiring'],
    [-0.9, 'expiring'],
    [-1.1, 'active'],
  ])('with a consent that ends in %s days: %s', (days, status) => {
    const after = next(active, clean(inDays(days)), now)
    expect(after.status).toBe(status)
    expect(after.deadline).toBe(status === 'expiring' ? inDays(days) : null)
  })

  it('only when the first data have come, since until then no figure is true', () => {
    const warned = next({ ...active, status: 'preparing' }, clean(inDays(3)), now)
    expect(warned).toMatchObject({ status: 'preparing', deadline: inDays(3) })
    expect(next(warned, clean(inDays(3)), now)).toMatchObject({ status: 'preparing', deadline: inDays(3) })
    expect(next(warned, synced, now)).toMatchObject({
      status: 'expiring',
      reason: 'CONSENT_EXPIRATION',
      deadline: inDays(3),
    })
  })

  it('not at all when the consent was extended before the data came', () => {
    const warned = next({ ...active, status: 'preparing' }, clean(inDays(3)), now)
    const extended = next(warned, clean(inDays(300)), now)
    expect(extended).toMatchObject({ status: 'preparing', reason: null, deadline: null })
    expect(next(extended, synced, now).status).toBe('active')
    expect(next(next(warned, repaired(inDays(300)), now), synced, now).status).toBe('active')
  })

  it('at once when a broken login is mended shortly before its consent ends', () => {
    const broken: Health = { ...active, status: 'needs_reauth', reason: 'ITEM_LOGIN_REQUIRED' }
    expect(next(broken, clean(inDays(3)), now)).toMatchObject({ status: 'expiring', deadline: inDays(3) })
  })
})

describe('expiring', () => {
  it('waits for data that Plaid does not have yet, and is expiring again then', () => {
    const waiting = next(expiring, { type: 'not_ready' }, now)
    expect(waiting).toMatchObject({ status: 'preparing', deadline: inDays(7) })
    expect(next(waiting, synced, now)).toEqual(expiring)
  })
})

describe('expiring ends', () => {
  it('not by a clean check: the Item is healthy until the bank cuts it off', () => {
    expect(next(expiring, clean(inDays(7)), now)).toMatchObject({ status: 'expiring', deadline: inDays(7) })
    expect(next(expiring, clean(null), now).status).toBe('expiring')
  })

  it('not by an outage, which it outlives', () => {
    const outage: HealthEvent = { type: 'failed', code: 'BANK_DOWN', plaidCode: 'INSTITUTION_DOWN' }
    expect(next(expiring, outage, now)).toEqual(expiring)
  })

  it('by a finished update mode', () => {
    expect(next(expiring, repaired(inDays(365)), now)).toMatchObject({ status: 'active', deadline: null })
  })

  it('by a later consent time', () => {
    expect(next(expiring, clean(inDays(300)), now)).toMatchObject({ status: 'active', deadline: null })
    expect(next(expiring, clean(inDays(10)), now)).toMatchObject({ status: 'expiring', deadline: inDays(10) })
    expect(next(expiring, clean(inDays(5)), now)).toMatchObject({ status: 'expiring', deadline: inDays(7) })
  })

  it.each([
    [7.5, 'expiring'],
    [7.99, 'expiring'],
    [8.01, 'active'],
  ])('by itself when the Item is healthy a day past the deadline: after %s days %s', (days, status) => {
    expect(next(expiring, clean(inDays(7)), now + days * day).status).toBe(status)
  })
})

describe('a consent time that update mode has answered', () => {
  it('does not start the warning again when the bank left it as it was', () => {
    const mended = next(expiring, repaired(inDays(7)), now)
    expect(next(mended, clean(inDays(7)), now + day).status).toBe('active')
  })

  it('does, when it is another one', () => {
    const mended = next(expiring, repaired(inDays(7)), now)
    expect(next(mended, clean(inDays(9)), now + day).status).toBe('expiring')
  })

  it('does, a year later, when update mode had moved it there', () => {
    const mended = next(expiring, repaired(inDays(365)), now)
    expect(next(mended, clean(inDays(365)), now).status).toBe('active')
    expect(next(mended, clean(inDays(365)), now + 355 * day)).toMatchObject({
      status: 'expiring',
      deadline: inDays(365),
    })
  })
})
