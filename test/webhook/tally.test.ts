import { describe, expect, it } from 'vitest'
import { createTally } from '../../src/webhook/tally.ts'
import { recordingLog, listening } from './listening.ts'

const hour = 3_600_000

function tallied() {
  const clock = { at: 0 }
  const { log, lines } = recordingLog()
  const tally = createTally({ now: () => clock.at, log })
  const warnings = () => lines.filter(({ level }) => level === 'warn').map(({ event }) => event)
  return { clock, lines, tally, warnings }
}

describe('the log of refusals', () => {
  it('says each reason at once, and then at most once a minute with how often it was', () => {
    const { clock, lines, tally } = tallied()
    for (let index = 0; index < 1000; index += 1) tally.refused(401, 'malformed')
    tally.refused(404, 'path')
    expect(lines.map(({ fields }) => fields)).toEqual([
      { status: 401, why: 'malformed', count: 1 },
      { status: 404, why: 'path', count: 1 },
    ])
    clock.at += 60_000
    tally.refused(401, 'malformed')
    expect(lines.at(-1)?.fields).toEqual({ status: 401, why: 'malformed', count: 1001 })
  })

  it('warns once an hour when more than a fifth of what Plaid signed is refused', () => {
    const { clock, tally, warnings } = tallied()
    for (let index = 0; index < 8; index += 1) tally.accepted()
    tally.refused(401, 'expired_key', true)
    tally.refused(503, 'disk_full', true)
    expect(warnings()).toEqual([])
    tally.refused(401, 'expired_key', true)
    tally.refused(401, 'expired_key', true)
    expect(warnings()).toEqual(['webhook.of_plaid_refused'])
    clock.at += hour
    for (let index = 0; index < 20; index += 1) tally.refused(401, 'expired_key', true)
    expect(warnings()).toHaveLength(2)
  })

  it('does not warn of what Plaid did not sign', () => {
    const { tally, warnings } = tallied()
    for (let index = 0; index < 20; index += 1) tally.accepted()
    for (let index = 0; index < 500; index += 1) tally.refused(401, 'bad_signature')
    expect(warnings()).toEqual([])
  })

  it('warns once of the clock when more than three came out of time', () => {
    const { tally, warnings } = tallied()
    for (const why of ['too_old', 'too_new', 'too_old']) tally.refused(401, why)
    expect(warnings()).toEqual([])
    for (let index = 0; index < 10; index += 1) tally.refused(401, 'too_old')
    expect(warnings()).toEqual(['webhook.out_of_time'])
  })
})

it('a clock that is ten minutes off is noticed', async () => {
  const plaid = await listening({ now: () => Date.now() + 10 * 60_000 })
  const body = {
    webhook_type: 'ITEM',
    webhook_code: 'LOGIN_REPAIRED',
    item_id: 'item-1',
    environment: 'sandbox',
  }
  for (let index = 0; index < 4; index += 1) expect((await plaid.post(body)).status).toBe(401)
  expect(plaid.lines.filter(({ event }) => event === 'webhook.out_of_time')).toHaveLength(1)
})
