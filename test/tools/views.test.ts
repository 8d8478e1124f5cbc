import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { statuses } from '../../src/model.ts'
import { connection as connectionShape, source as sourceShape } from '../../src/tools/shapes.ts'
import { accountView, connectionView, present, sourceView } from '../../src/tools/views.ts'
import { account, connection } from '../store/rows.ts'

describe('what is not known', () => {
  it('is left out, rather than said to be null; nought, no and empty text are known', () => {
    expect(present({ a: null, b: undefined, c: 0, d: false, e: '' })).toEqual({ c: 0, d: false, e: '' })
  })
})

describe('an account', () => {
  it('has its amounts in major units, exact for each currency', () => {
    expect(accountView(account({ current: 1, available: 110_010, limit: null }))).toMatchObject({
      current: 0.01,
      available: 1100.1,
    })
    expect(accountView(account({ currency: 'JPY', current: 5_000 })).current).toBe(5_000)
    expect(accountView(account({ currency: 'KWD', current: 1_234 })).current).toBe(1.234)
  })

  it('says of which other one it is a second view', () => {
    expect(accountView(account({ sameAs: 'acc-9' })).same_as).toBe('acc-9')
    expect(accountView(account())).not.toHaveProperty('same_as')
  })
})

describe('a connection', () => {
  it.each(statuses)('that is %s fits its shape to the letter', (status) => {
    const view = connectionView(connection({ status }), [account(), account({ accountId: 'acc-2' })], false)
    expect(connectionShape.strict().parse(view)).toEqual(view)
    expect(view.needs_reauth).toBe(status === 'needs_reauth' || status === 'expiring')
    expect(Object.values(view)).not.toContain(null)
  })

  it('shows why and until when', () => {
    const row = connection({
      status: 'expiring',
      reason: 'CONSENT_EXPIRATION',
      deadline: '2026-03-17T00:00:00.000Z',
    })
    expect(connectionView(row, [], false)).toMatchObject({
      reauth_reason: 'CONSENT_EXPIRATION',
      reauth_deadline: '2026-03-17T00:00:00.000Z',
    })
  })
})

describe('a source', () => {
  it('has its error as one text with what to do', () => {
    const error = new CofferError('BANK_DOWN', 'The bank does not answer.', { fix: 'Try again later.' })
    const view = sourceView({ connection: connection(), source: 'cached', error }, false)
    expect(sourceShape.strict().parse(view)).toEqual(view)
    expect(view.error).toEqual({ code: 'BANK_DOWN', text: 'The bank does not answer. Try again later.' })
  })

  it('names no tool that is switched off: the next step has the command', () => {
    const broken = connection({ status: 'needs_reauth', reason: 'ITEM_LOGIN_REQUIRED' })
    const error = new CofferError('ITEM_LOGIN_REQUIRED', 'The bank wants a new login.', {
      fix: 'Call start_reauth with this item_id.',
    })
    const view = sourceView({ connection: broken, source: 'cached', error }, true)
    expect(view.error?.text).toBe('The bank wants a new login.')
    expect(view.next_step?.text).toContain('coffer-mcp reauth')
    expect(view.next_step).not.toHaveProperty('tool')
  })

  it('without one has none', () => {
    const view = sourceView({ connection: connection(), source: 'live', error: null }, false)
    expect(view).not.toHaveProperty('error')
  })
})
