import { describe, expect, it } from 'vitest'
import { CofferError } from '../../src/errors.ts'
import { type Connection, type Status, statuses } from '../../src/model.ts'
import { isComplete, type SourceState, sourceOf } from '../../src/sync/sources.ts'
import { connection } from '../store/rows.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()
const good = { ok: true, notReady: false } as const
const notReady = { ok: true, notReady: true } as const
const down = { ok: false, error: new CofferError('BANK_DOWN', 'down') } as const

function row(more: Partial<Connection> = {}): Connection {
  return connection({ lastSyncedAt: ago(5), syncError: null, ...more })
}

describe('where the figures of a connection come from', () => {
  it.each([
    ['asked and answered', row(), good, 'live', null],
    ['asked, and it failed', row(), down, 'cached', 'BANK_DOWN'],
    ['asked for the first time, and it failed', row({ lastSyncedAt: null }), down, 'missing', 'BANK_DOWN'],
    ['not asked', row(), undefined, 'cached', null],
    ['not asked after a failure', row({ syncError: 'BANK_DOWN' }), undefined, 'cached', 'BANK_DOWN'],
    ['never asked', row({ lastSyncedAt: null }), undefined, 'missing', null],
    ['asked, and Plaid is not ready', row({ status: 'preparing' }), good, 'preparing', null],
    ['not ready, and about to expire', row({ status: 'expiring' }), notReady, 'preparing', null],
    ['revoked, its data gone', row({ status: 'revoked' }), undefined, 'missing', null],
    ['a failure that this version does not know', row({ syncError: 'ODD' }), undefined, 'cached', null],
  ] as const)('%s', (_how, connection, outcome, source, error) => {
    const state = sourceOf(connection, outcome)
    expect([state.source, state.error?.code ?? null]).toEqual([source, error])
  })

  it('says no more of an earlier failure than what it was', () => {
    expect(sourceOf(row({ institution: 'Tartan', syncError: 'BANK_DOWN' }), undefined).error?.message).toBe(
      'The last fetch from Tartan failed: The bank does not answer.',
    )
  })
})

function source(
  status: Status,
  source: SourceState['source'],
  lastSyncedAt: string | null = ago(5),
): SourceState {
  return { connection: row({ status, lastSyncedAt }), source, error: null }
}

describe('complete', () => {
  it.each([
    ['live', 'live', ago(5), 60, true],
    ['as young as was asked for', 'cached', ago(60), 60, true],
    ['older than was asked for', 'cached', ago(61), 60, false],
    ['cached where nothing but fresh will do', 'cached', ago(1), 0, false],
    ['only read, within the hour', 'cached', ago(59), -1, true],
    ['only read, later', 'cached', ago(61), -1, false],
    ['missing', 'missing', null, 60, false],
    ['of a time to come, since the clock was set back', 'cached', ago(-5), 60, false],
    ['preparing', 'preparing', ago(5), 60, false],
  ] as const)('one bank that is %s', (_how, from, syncedAt, age, complete) => {
    expect(isComplete([source('active', from, syncedAt)], age, now)).toBe(complete)
  })

  it.each(statuses)('one bank that is %s, however fresh', (status) => {
    const counts = status === 'active' || status === 'expiring'
    const isOut = status === 'removing' || status === 'revoked'
    expect(isComplete([source(status, 'live')], 60, now)).toBe(counts || isOut)
  })

  it('one bank of several that is not is enough, and none at all is complete', () => {
    const good = source('active', 'live')
    expect(isComplete([good, source('needs_reauth', 'cached'), good], 60, now)).toBe(false)
    expect(isComplete([good, source('revoked', 'missing', null)], 60, now)).toBe(true)
    expect(isComplete([], 60, now)).toBe(true)
  })
})
