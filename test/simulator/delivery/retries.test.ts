import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { day, openPlaid, start } from '../harness.ts'
import { verdictOn } from './checker.ts'
import { openPair, unchecked } from './receiver.ts'

const waits = [30, 120, 480, 1_920, 7_680, 30_720].map((seconds) => seconds * 1_000)

describe('a webhook that nobody takes', () => {
  it('comes again by the moved clock, six times and no more', async () => {
    await using pair = await openPair({ reply: 500 })
    await pair.send()
    for (const wait of waits) {
      await pair.advance(wait - 1)
      const before = pair.receiver.received.length
      await pair.advance(1)
      expect(pair.receiver.received).toHaveLength(before + 1)
    }
    await pair.advance(2 * day)
    const deliveries = pair.controls.deliveries()
    expect(deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(deliveries.map(({ at, nextAt }) => (nextAt === null ? null : nextAt - at))).toEqual([
      ...waits,
      null,
    ])
  })

  it('comes no more once it was taken', async () => {
    await using pair = await openPair({ reply: 500 })
    await pair.send()
    pair.receiver.reply = 200
    await pair.advance(30_000)
    await pair.advance(day)
    expect(pair.controls.deliveries().map(({ status }) => status)).toEqual([500, 200])
  })

  it('waits as long as the receiver asks', async () => {
    await using pair = await openPair({ reply: { status: 429, headers: { 'retry-after': '45' } } })
    await pair.send()
    expect(pair.controls.deliveries()[0]?.nextAt).toBe(start + 45_000)
  })

  it('comes once only where most was refused for a day', async () => {
    await using pair = await openPair({ reply: 401 })
    for (let count = 0; count < 10; count += 1) await pair.send()
    const [first, ...rest] = pair.controls.deliveries()
    expect(first?.nextAt).not.toBeNull()
    expect(rest.at(-1)?.nextAt).toBeNull()
    await pair.advance(day)
    await pair.send()
    expect(pair.controls.deliveries().at(-1)?.nextAt).toBeNull()
    pair.receiver.reply = 200
    await pair.advance(day + 1)
    pair.receiver.reply = 401
    await pair.send()
    expect(pair.controls.deliveries().at(-1)?.nextAt).not.toBeNull()
  })

  it('comes by itself when the clock is left alone', async () => {
    await using pair = await openPair({
      now: Date.now,
      reply: { status: 429, headers: { 'retry-after': '1' } },
    })
    await pair.send()
    pair.receiver.reply = 200
    pair.controls.advance(900)
    await until(() => pair.controls.deliveries().length === 2, 10_000)
    expect(pair.controls.deliveries().map(({ status }) => status)).toEqual([429, 200])
  })
})

describe('the signature of a retry', () => {
  it.each([
    [true, ['valid', 'valid', 'valid']],
    [false, ['valid', 'valid', 'too old']],
  ])('is new: %s', async (resignRetries, expected) => {
    await using pair = await openPair({ reply: 503, resignRetries })
    await pair.send()
    const verdicts = [await verdictOn(pair.plaid, pair.receiver.received[0]!)]
    for (const wait of [30_000, 480_000]) {
      await pair.advance(wait)
      verdicts.push(await verdictOn(pair.plaid, pair.receiver.received.at(-1)!))
    }
    expect(verdicts).toEqual(expected)
    const signatures = new Set(pair.receiver.received.map(({ signatures: [first] }) => first))
    expect(signatures.size).toBe(resignRetries ? 3 : 1)
  })
})

describe('a restart', () => {
  it('loses nothing that was not taken: neither retries, nor what hung, nor what was held back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
    const stateFile = join(folder, 'simulator.json')
    await using pair = await openPair({ stateFile, reply: 500 })
    await pair.send('REFUSED')
    pair.receiver.reply = 'hang'
    pair.controls.sendWebhook(pair.item_id, { type: 'ITEM', code: 'HUNG' })
    await until(() => pair.receiver.received.length === 2, 10_000)
    pair.controls.holdWebhooks(2)
    pair.controls.sendWebhook(pair.item_id, { type: 'ITEM', code: 'HELD' })
    await pair.plaid.codeOf('/item/get', { access_token: pair.access_token })
    await pair.plaid.simulator.close()
    pair.receiver.reply = 200

    await using after = await openPlaid({ stateFile, webhookDelivery: true, onExchange: unchecked })
    await until(() => after.controls.deliveries().length === 2, 10_000)
    after.controls.advance(30_000)
    await after.controls.webhooksSettled()
    expect(pair.receiver.codes().slice(2)).toEqual(['HUNG', 'HELD', 'REFUSED'])
    expect(await verdictOn(after, pair.receiver.received.at(-1)!)).toBe('valid')
    rmSync(folder, { recursive: true })
  })
})
