import { describe, expect, it } from 'vitest'
import { toSessions } from '../../src/plaid/sessions.ts'

const institution = { name: 'First Platypus Bank', institution_id: 'ins_109508' }
const account = { id: 'acc1', name: 'Checking', mask: '0000', type: 'depository', subtype: 'checking' }
const result = { public_token: 'public-sandbox-1', accounts: [account], institution }
const ours = {
  institutionId: 'ins_109508',
  institution: 'First Platypus Bank',
  accounts: [{ name: 'Checking', mask: '0000', subtype: 'checking' }],
}
const success = { public_token: 'public-sandbox-1', metadata: { institution, accounts: [account] } }
const session = {
  link_session_id: 's1',
  started_at: '2026-11-20T10:01:00Z',
  finished_at: '2026-11-20T10:02:10Z',
}

function one(fields: object) {
  const [read] = toSessions({ link_sessions: [{ ...session, ...fields }] })
  return read
}

describe('toSessions', () => {
  it.each([undefined, null, [], 'none'])('gives none before the page is opened: %j', (sessions) => {
    expect(toSessions({ link_sessions: sessions })).toEqual([])
  })

  it.each([
    ['in the present field', { results: { item_add_results: [result] } }],
    ['in both fields, once', { results: { item_add_results: [result] }, on_success: success }],
    ['in the deprecated field alone', { results: { item_add_results: [] }, on_success: success }],
    ['in the deprecated field, without the other', { on_success: success }],
  ])('finds what was added %s', (_what, fields) => {
    const read = one(fields)
    expect(read?.added).toMatchObject([ours])
    expect(read?.added[0]?.publicToken.open()).toBe('public-sandbox-1')
    expect(read).toMatchObject({ finishedAt: '2026-11-20T10:02:10.000Z', exited: false })
  })

  it('finds several banks of one session', () => {
    const second = { ...result, public_token: 'public-sandbox-2' }
    expect(one({ results: { item_add_results: [result, second] } })?.added).toHaveLength(2)
  })

  it('finds what was added before the session ends', () => {
    expect(one({ finished_at: null, results: { item_add_results: [result] } })).toMatchObject({
      finishedAt: null,
      added: [ours],
    })
  })

  it.each([
    ['nothing', {}],
    ['nulls', { results: null, on_success: null, exit: null, on_exit: null }],
    [
      'broken results',
      { results: { item_add_results: [null, {}, { public_token: '' }] }, on_success: { metadata: null } },
    ],
  ])('adds nothing for %s', (_what, fields) => {
    expect(one(fields)).toMatchObject({ added: [], exited: false })
  })

  it.each([
    ['the present field', { exit: { error: null, metadata: { status: 'requires_credentials' } } }],
    ['the deprecated one', { on_exit: { error: null, metadata: { status: 'institution_not_found' } } }],
    ['an error', { exit: { error: { error_code: 'INSTITUTION_DOWN' }, metadata: { status: '' } } }],
    ['nothing said', { exit: {} }],
  ])('sees that the person left: %s', (_what, fields) => {
    expect(one(fields)?.exited).toBe(true)
  })

  it('puts the oldest first', () => {
    const times = ['2026-11-20T10:09:00Z', '2026-11-20T10:01:00+01:00', null]
    const ended = ['2026-11-20T11:00:00.000Z', '2026-11-20T11:01:00.000Z', '2026-11-20T11:02:00.000Z']
    const sessions = times.map((started_at, at) => ({ started_at, finished_at: ended[at] }))
    const read = toSessions({ link_sessions: sessions }).map(({ finishedAt }) => finishedAt)
    expect(read).toEqual(ended.toReversed())
  })

  it.each(['account_id', 'none'])('tells accounts by what the bank says of them, id or not: %s', (key) => {
    const { id, ...rest } = account
    const added = { ...result, accounts: [{ ...rest, [key]: id }] }
    expect(one({ results: { item_add_results: [added] } })?.added).toMatchObject([ours])
  })

  it('cleans the names and leaves out accounts that nothing is told of', () => {
    const added = {
      ...result,
      institution: { name: '<b>Bank</b>' },
      accounts: [{ id: 'a', name: null, subtype: 'checking' }, { mask: '0000' }],
    }
    expect(one({ results: { item_add_results: [added] } })?.added).toMatchObject([
      {
        institution: '‹b›Bank‹/b›',
        institutionId: null,
        accounts: [{ name: '', mask: '0000' }],
      },
    ])
  })
})
