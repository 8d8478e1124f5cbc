import { check, constantFrom, jsonValue, oneof, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../src/webhook/meaning.ts'
import { hasPlaidSchema, schemaNote, validateSchema } from '../support/plaid-schema.ts'
import { catalogue, itemError } from './catalogue.ts'
import { listening } from './listening.ts'

const named = catalogue.map((row) => [row.name, row] as const)
const acted = named.filter(([, { events }]) => events !== null)
const aboutItems = acted.filter(([, { body }]) => 'item_id' in body)

describe.each(named)('%s', (name, { body, schema, events }) => {
  it('means what Plaid says it means', () => {
    const itemId = 'item_id' in body ? 'item-1' : null
    const meaning = events === null ? 'ignored' : { itemId, environment: 'sandbox', events }
    expect(meaningOf(body)).toEqual({ name, meaning })
  })

  it.skipIf(!hasPlaidSchema || schema === null)(`is spelt as Plaid spells it${schemaNote}`, () => {
    expect(validateSchema(schema ?? '', body)).toEqual([])
  })
})

describe.each(aboutItems)('%s with a field wrong', (_name, { body }) => {
  it.each([[undefined], [null], [7], [''], ['a b'], ['x'.repeat(200)], [{}], [['item-1']]])(
    'names no Item by %j',
    (item_id) => {
      expect(meaningOf({ ...body, item_id }).meaning).toBe('malformed')
    },
  )
})

describe('what is missing or of the wrong type', () => {
  const events = (body: object) => {
    const { meaning } = meaningOf({ item_id: 'item-1', environment: 'sandbox', ...body })
    return typeof meaning === 'string' ? meaning : meaning.events
  }
  const item = (webhook_code: string, fields: object) =>
    events({ webhook_type: 'ITEM', webhook_code, ...fields })

  it.each([
    [null],
    ['ITEM_LOGIN_REQUIRED'],
    [{}],
    [{ error_code: 7 }],
    [{ error_code: 'not a code' }],
    [{ error_code: '' }],
  ])('an ERROR with the error %j is a hint that something is wrong', (error) => {
    expect(item('ERROR', { error })).toEqual([{ type: 'unreadable' }])
  })

  it.each([[undefined], ['soon'], [7], ['']])('a warning for %j has no deadline', (disconnect_time) => {
    const warning = 'PENDING_DISCONNECT'
    expect(item(warning, { disconnect_time })).toEqual([{ type: 'pending', warning, deadline: null }])
  })

  it.each([[undefined], [7], [''], ['a b']])('an account %j that was taken back is a hint', (account_id) => {
    expect(item('USER_ACCOUNT_REVOKED', { account_id })).toEqual([{ type: 'unreadable' }])
  })

  it.each([[null], ['nowhere'], [`https://a.example/${'x'.repeat(2048)}`]])('%j is no address', (url) => {
    expect(item('WEBHOOK_UPDATE_ACKNOWLEDGED', { new_webhook_url: url })).toEqual([
      { type: 'webhook_acknowledged', url: null },
    ])
  })

  it.each([
    ['null', null],
    ['a text', 'ITEM'],
    ['a list', []],
    ['nothing', {}],
    ['no code', { webhook_type: 'ITEM' }],
    ['a code of numbers', { webhook_type: 'ITEM', webhook_code: 1 }],
    ['a code of many lines', { webhook_type: 'ITEM', webhook_code: 'ERROR\n' }],
  ])('%s is no webhook', (_what, body) => {
    expect(meaningOf(body)).toEqual({ name: null, meaning: 'malformed' })
  })

  it.each([['ITEM:constructor'], ['__proto__:toString'], ['TRANSACTIONS:NEWS'], ['NEWS:DEFAULT_UPDATE']])(
    '%s is not known',
    (name) => {
      const [webhook_type, webhook_code] = name.split(':')
      expect(events({ webhook_type, webhook_code })).toBe('unknown')
    },
  )

  it('nothing that JSON can say makes it throw', () => {
    const types = constantFrom('ITEM', 'LINK', 'HOLDINGS', 'TRANSACTIONS')
    const codes = constantFrom('ERROR', 'PENDING_EXPIRATION', 'DEFAULT_UPDATE', 'SESSION_FINISHED')
    const body = record({
      webhook_type: types,
      webhook_code: codes,
      item_id: jsonValue(),
      error: jsonValue(),
    })
    const all = property(oneof(body, jsonValue()), (json) => void meaningOf(json))
    expect(check(all)).toMatchObject({ failed: false })
  })
})

describe('an error beside what a webhook is about', () => {
  it.each(aboutItems.filter(([, { body }]) => 'error' in body && body.error === null))(
    'counts like one in %s',
    (_name, { body, events }) => {
      expect(meaningOf({ ...body, error: itemError }).meaning).toMatchObject({
        events: [{ type: 'error', plaidCode: 'ITEM_LOGIN_REQUIRED' }, ...(events ?? [])],
      })
    },
  )

  it.each([[{}], ['boom'], [{ error_code: 'not a code' }]])('is a hint when it is %j', (error) => {
    const body = { webhook_type: 'HOLDINGS', webhook_code: 'DEFAULT_UPDATE', item_id: 'item-1', error }
    expect(meaningOf(body).meaning).toMatchObject({
      events: [{ type: 'unreadable' }, { type: 'data_changed' }],
    })
  })

  it('is stored beside it', async () => {
    const plaid = await listening()
    const [, holdings] = aboutItems.find(([name]) => name === 'HOLDINGS:DEFAULT_UPDATE') ?? []
    await plaid.post({ ...holdings?.body, error: itemError })
    expect((await plaid.pending()).map(({ event }) => event.type)).toEqual(['error', 'data_changed'])
  })
})

describe('over HTTP', () => {
  it('an ERROR that does not say which is answered with 200 and stored, so that Plaid is asked', async () => {
    const plaid = await listening()
    const body = { webhook_type: 'ITEM', webhook_code: 'ERROR', item_id: 'item-1', error: null }
    expect((await plaid.post(body)).status).toBe(200)
    expect(await plaid.pending()).toMatchObject([{ itemId: 'item-1', event: { type: 'unreadable' } }])
  })

  it('every webhook is answered with 200, and the inbox holds what is acted on and no token', async () => {
    const plaid = await listening()
    for (const { body } of catalogue) expect((await plaid.post(body)).status).toBe(200)
    const inbox = await plaid.pending()
    expect(inbox.map(({ event }) => event)).toEqual(acted.flatMap(([, { events }]) => events))
    expect(JSON.stringify(inbox)).not.toMatch(/token|made-up|session-1|usr_1/)
    expect(JSON.stringify(plaid.lines.filter(({ level }) => level !== 'debug'))).not.toContain('item-1')
  })
})
