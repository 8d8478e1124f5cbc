import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Health, type HealthEvent, next } from '../../src/connections/transitions.ts'
import { errorCodes, type ErrorCode } from '../../src/errors.ts'
import { statuses } from '../../src/model.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const day = 86_400_000

const moment = fc.integer({ min: -30, max: 400 }).map((days) => new Date(now + days * day).toISOString())
const code = fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[]))
const plaidCode = fc.constantFrom('ITEM_LOGIN_REQUIRED', 'USER_PERMISSION_REVOKED', 'ITEM_LOCKED', null)

const health: fc.Arbitrary<Health> = fc.record({
  status: fc.constantFrom(...statuses),
  reason: fc.constantFrom(null, 'ITEM_LOGIN_REQUIRED'),
  deadline: fc.option(moment),
  answeredDeadline: fc.option(moment),
  newAccounts: fc.boolean(),
  lastCheckedAt: fc.option(moment),
})
const failed: fc.Arbitrary<HealthEvent> = fc.record({ type: fc.constant('failed'), code, plaidCode })
const outage = failed.filter(
  (event) => event.type === 'failed' && (event.code === 'BANK_DOWN' || event.code === 'PLAID_DOWN'),
)
const event: fc.Arbitrary<HealthEvent> = fc.oneof(
  failed,
  fc.record({
    type: fc.constant('checked' as const),
    code: fc.option(code),
    plaidCode,
    consentExpirationTime: fc.option(moment),
    at: fc.constant(new Date(now).toISOString()),
  }),
  fc.constant({ type: 'not_ready' } as const),
  fc.constant({ type: 'synced' } as const),
  fc.record({ type: fc.constant('repaired' as const), consentExpirationTime: fc.option(moment) }),
)
const clean: HealthEvent = {
  type: 'checked',
  code: null,
  plaidCode: null,
  consentExpirationTime: null,
  at: new Date(now).toISOString(),
}

function after(start: Health, events: readonly HealthEvent[]): Health {
  return events.reduce((state, one) => next(state, one, now), start)
}

describe('over any story', () => {
  it('removing is final', () => {
    fc.assert(
      fc.property(health, fc.array(event), (start, events) => {
        expect(after({ ...start, status: 'removing' }, events).status).toBe('removing')
      }),
    )
  })

  it('failures of any kind and number, then a clean check: it works, or is still expiring or preparing', () => {
    fc.assert(
      fc.property(health, fc.array(failed), (start, events) => {
        fc.pre(start.status !== 'removing')
        const { status } = after(start, [...events, clean])
        const kept = ['expiring', 'preparing'].filter((one) => one === start.status)
        expect(['active', ...kept]).toContain(status)
      }),
    )
  })

  it('the same failure a second time changes nothing', () => {
    fc.assert(
      fc.property(health, failed, (start, one) => {
        expect(after(start, [one, one])).toEqual(after(start, [one]))
      }),
    )
  })

  it('an outage never hides a login that is needed, a deadline or an end', () => {
    fc.assert(
      fc.property(health, fc.array(outage), (start, outages) => {
        fc.pre(start.status !== 'active' && start.status !== 'preparing')
        expect(after(start, outages)).toEqual(start)
      }),
    )
  })

  it('an outage before or after another failure makes no difference to what is to be done', () => {
    fc.assert(
      fc.property(health, outage, (start, one) => {
        const login: HealthEvent = { type: 'failed', code: 'ITEM_LOGIN_REQUIRED', plaidCode: null }
        fc.pre(start.status !== 'removing')
        expect(after(start, [one, login]).status).toBe('needs_reauth')
        expect(after(start, [login, one]).status).toBe('needs_reauth')
      }),
    )
  })

  it('whatever is expiring says until when', () => {
    fc.assert(
      fc.property(health, fc.array(event), (start, events) => {
        fc.pre(start.status !== 'expiring' || start.deadline !== null)
        const { status, deadline } = after(start, events)
        expect(status === 'expiring' && deadline === null).toBe(false)
      }),
    )
  })
})
