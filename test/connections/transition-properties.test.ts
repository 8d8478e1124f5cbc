import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Health, type HealthEvent, next } from '../../src/connections/transitions.ts'
import { errorCodes, type ErrorCode } from '../../src/errors.ts'
import { translateCode } from '../../src/plaid/index.ts'
import { active, day, inDays, now, second, shownAs, troubles } from './states.ts'

/** A failure prints its seed; fast-check runs that one again with `{ seed, path }`. */
const many = { numRuns: 2_000 }

const moment = fc.integer({ min: -30, max: 400 }).map(inDays)
const code = fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[]))
const plaidCode = fc.constantFrom(
  'ITEM_LOGIN_REQUIRED',
  'USER_PERMISSION_REVOKED',
  'ITEM_LOCKED',
  'INSTITUTION_DOWN',
  'ITEM_NOT_SUPPORTED',
  'NEVER_HEARD_OF',
)

const living: fc.Arbitrary<Health> = fc
  .record({
    trouble: fc.option(fc.constantFrom(...troubles)),
    awaitingData: fc.boolean(),
    deadline: fc.option(moment),
    consentExpirationTime: fc.option(moment),
    answeredDeadline: fc.option(moment),
    newAccounts: fc.boolean(),
    lastCheckedAt: fc.option(moment),
    warningSentAt: fc.option(moment),
    repairedAt: fc.option(moment),
    errorSentAt: fc.option(moment),
  })
  .map(({ trouble, ...facets }) => {
    const warning = facets.deadline === null ? null : 'PENDING_DISCONNECT'
    return { ...active, ...facets, warning, ...shownAs(trouble, { ...facets, warning }) }
  })

const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
const sentAt = fc.integer({ min: -60, max: 60 }).map(second)
const pending: fc.Arbitrary<HealthEvent> = fc.record({
  type: fc.constant('pending' as const),
  warning: fc.constantFrom('PENDING_DISCONNECT' as const, 'PENDING_EXPIRATION' as const),
  deadline: maybe(moment),
  sentAt,
})
const loginRepaired: fc.Arbitrary<HealthEvent> = fc.record({
  type: fc.constant('login_repaired' as const),
  sentAt,
})
const webhook: fc.Arbitrary<HealthEvent> = fc.oneof(
  fc
    .record({ plaidCode, sentAt })
    .map((told) => ({ type: 'error' as const, code: translateCode(told.plaidCode).code, ...told })),
  pending,
  loginRepaired,
  fc.record({ type: fc.constant('new_accounts' as const), sentAt }),
)
const checked: fc.Arbitrary<HealthEvent> = fc
  .record({ plaidCode: fc.option(plaidCode), consentExpirationTime: fc.option(moment) })
  .map((told) => ({
    type: 'checked',
    code: told.plaidCode === null ? null : translateCode(told.plaidCode).code,
    at: inDays(0),
    ...told,
  }))
const failed: fc.Arbitrary<HealthEvent> = fc.record({
  type: fc.constant('failed' as const),
  code,
  plaidCode: maybe(plaidCode),
})
const event: fc.Arbitrary<HealthEvent> = fc.oneof(
  failed,
  webhook,
  checked,
  fc.constantFrom<HealthEvent>({ type: 'not_ready' }, { type: 'synced' }),
  fc.record({
    type: fc.constant('repaired' as const),
    consentExpirationTime: fc.option(moment),
    finishedAt: fc.option(moment),
  }),
)

/** Webhooks as the network brings them: some lost, some repeated, in any order. */
const delivered = (sent: readonly HealthEvent[]) =>
  sent.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...sent), { maxLength: 12 })
const twoDeliveries = fc
  .array(webhook, { maxLength: 6 })
  .chain((sent) => fc.tuple(delivered(sent), delivered(sent)))

function after(start: Health, events: readonly HealthEvent[]): Health {
  return events.reduce((state, one) => next(state, one, now), start)
}

/** Without what only webhooks carry: the warning, with what it hides behind, and unshared accounts. */
function settled({ status, awaitingData, consentExpirationTime, lastCheckedAt, ...rest }: Health) {
  const shown = status === 'expiring' ? 'active' : status
  const reason = status === 'expiring' ? null : rest.reason
  return { status: shown, reason, awaitingData, consentExpirationTime, lastCheckedAt }
}

describe('webhooks in any order, repeated and lost, and then one /item/get', () => {
  it('end in the same state', () => {
    fc.assert(
      fc.property(living, twoDeliveries, checked, (start, [one, other], check) => {
        expect(settled(after(start, [...one, check]))).toEqual(settled(after(start, [...other, check])))
      }),
      many,
    )
  })

  it('end with the same warning too, when none is lost and none is of the same second as another', () => {
    const distinct = fc.uniqueArray(fc.oneof(pending, loginRepaired), {
      selector: (one) => ('sentAt' in one ? one.sentAt : ''),
      maxLength: 6,
    })
    const shuffled = distinct.chain((sent) =>
      fc.tuple(
        fc.constant(sent),
        fc.shuffledSubarray([...sent], { minLength: sent.length, maxLength: sent.length }),
      ),
    )
    fc.assert(
      fc.property(living, shuffled, (start, [sent, mixed]) => {
        const warningOf = ({ deadline, warning, warningSentAt }: Health) => ({
          deadline,
          warning,
          warningSentAt,
        })
        expect(warningOf(after(start, mixed))).toEqual(warningOf(after(start, inOrder(sent))))
      }),
      many,
    )
  })

  it('are each as good heard twice as once', () => {
    fc.assert(
      fc.property(living, webhook, (start, one) => {
        expect(after(start, [one, one])).toEqual(after(start, [one]))
      }),
      many,
    )
  })
})

/** As Plaid sent them. */
function inOrder(sent: readonly HealthEvent[]): HealthEvent[] {
  const timeOf = (one: HealthEvent) => ('sentAt' in one ? Date.parse(one.sentAt) : 0)
  return sent.toSorted((a, b) => timeOf(a) - timeOf(b))
}

describe('over any story', () => {
  it('removing is final', () => {
    fc.assert(
      fc.property(living, fc.array(event), (start, events) => {
        const removing: Health = { ...start, status: 'removing' }
        expect(after(removing, events)).toBe(removing)
      }),
    )
  })

  it('what is shown is trouble before missing data before a warning', () => {
    fc.assert(
      fc.property(living, fc.array(event), (start, events) => {
        const { status, reason, awaitingData, deadline, warning } = after(start, events)
        expect(deadline === null).toBe(warning === null)
        const shown = awaitingData ? 'preparing' : deadline === null ? 'active' : 'expiring'
        const isTrouble = troubles.some((trouble) => trouble === status)
        expect(status).toBe(isTrouble ? status : shown)
        expect(reason).toBe(isTrouble ? (reason ?? 'a code') : shown === 'expiring' ? warning : null)
      }),
      many,
    )
  })

  it('a clean check ends all trouble, and nothing but that', () => {
    fc.assert(
      fc.property(living, fc.array(failed), (start, events) => {
        const clean = { type: 'checked', code: null, plaidCode: null, at: inDays(0) } as const
        const same = { ...clean, consentExpirationTime: start.consentExpirationTime }
        expect(after(start, [...events, same])).toEqual(after(start, [same]))
        expect(troubles).not.toContain(after(start, [...events, same]).status)
      }),
      many,
    )
  })

  it('the same failure a second time changes nothing', () => {
    fc.assert(
      fc.property(living, failed, (start, one) => {
        expect(after(start, [one, one])).toEqual(after(start, [one]))
      }),
    )
  })

  it('an outage hides no other trouble, before or after it', () => {
    const outage = fc.record({
      type: fc.constant('failed' as const),
      code: fc.constantFrom('BANK_DOWN' as const, 'PLAID_DOWN' as const),
      plaidCode: fc.constant(null),
    })
    fc.assert(
      fc.property(living, outage, (start, one) => {
        const login: HealthEvent = { type: 'failed', code: 'ITEM_LOGIN_REQUIRED', plaidCode: null }
        expect(after(start, [one, login])).toEqual(after(start, [login, one]))
      }),
    )
  })

  it('data that come or are missing leave the login as it is, now and later', () => {
    const data = fc.constantFrom<HealthEvent>({ type: 'not_ready' }, { type: 'synced' })
    const other = fc.oneof(failed, webhook, checked)
    fc.assert(
      fc.property(living, data, other, (start, one, another) => {
        expect(after(start, [one, another])).toEqual(after(start, [another, one]))
      }),
      many,
    )
  })

  it('a deadline never lies more than a day back after a clean check', () => {
    fc.assert(
      fc.property(living, fc.array(event), (start, events) => {
        const consentExpirationTime = null
        const clean = {
          type: 'checked',
          code: null,
          plaidCode: null,
          consentExpirationTime,
          at: inDays(0),
        } as const
        const { deadline } = after(start, [...events, clean])
        expect(deadline === null || Date.parse(deadline) >= now - day).toBe(true)
      }),
      many,
    )
  })
})
