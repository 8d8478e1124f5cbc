import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { hour, openPlaid, start } from '../harness.ts'
import { decoded, verdictOn } from './checker.ts'
import { openPair, openReceiver, unchecked } from './receiver.ts'

describe('a webhook', () => {
  it('comes by POST as pretty JSON, signed with a key that Plaid serves', async () => {
    await using pair = await openPair()
    pair.controls.resetLogin(pair.item_id)
    await pair.controls.webhooksSettled()
    const [got] = pair.receiver.received
    expect(got).toMatchObject({ method: 'POST', path: '/plaid/webhook' })
    expect(got?.headers['content-type']).toBe('application/json')
    expect(got?.text).toBe(JSON.stringify(pair.controls.webhooks()[0]?.payload, null, 2))
    expect(await verdictOn(pair.plaid, got!)).toBe('valid')
    const [header = '', payload = ''] = got?.signatures[0]?.split('.') ?? []
    expect(decoded(header)).toEqual({ alg: 'ES256', kid: pair.controls.webhookKeyIds()[0], typ: 'JWT' })
    expect(decoded(payload)).toEqual({ iat: start / 1_000, request_body_sha256: expect.any(String) })
  })

  it('is written down with its time, address, key and end', async () => {
    await using pair = await openPair()
    await pair.send()
    expect(pair.controls.deliveries()).toEqual([
      {
        webhookId: pair.controls.webhooks()[0]?.id,
        url: pair.receiver.url,
        type: 'ITEM',
        code: 'LOGIN_REPAIRED',
        itemId: pair.item_id,
        attempt: 1,
        at: start,
        kid: pair.controls.webhookKeyIds()[0],
        tampering: null,
        status: 200,
        failure: null,
        nextAt: null,
      },
    ])
  })

  it('comes in the order in which it came about', async () => {
    await using pair = await openPair()
    const codes = Array.from({ length: 20 }, (_, index) => `CODE_${index}`)
    for (const code of codes) pair.controls.sendWebhook(pair.item_id, { type: 'ITEM', code })
    await pair.controls.webhooksSettled()
    expect(pair.receiver.codes()).toEqual(codes)
  })

  it('goes by the clock of the machine where the receiver has no other', async () => {
    await using pair = await openPair({ webhookClock: 'machine' })
    pair.controls.advance(48 * hour)
    await pair.send()
    const [, payload = ''] = pair.receiver.received[0]?.signatures[0]?.split('.') ?? []
    expect(decoded(payload)['iat']).toBe(start / 1_000)
  })

  it('is only listed while sending is off', async () => {
    await using pair = await openPair({ webhookDelivery: false })
    await pair.send()
    expect(pair.controls.webhooks()).toHaveLength(1)
    pair.controls.set({ webhookDelivery: true })
    await pair.send('SECOND')
    expect(pair.receiver.codes()).toEqual(['SECOND'])
  })

  it('may be anything, with and without an Item', async () => {
    await using pair = await openPair()
    const link = { type: 'LINK', code: 'NEWS', item_id: null, environment: null }
    pair.controls.sendWebhook(pair.item_id, { ...link, at: null })
    await pair.controls.webhooksSettled()
    expect(pair.receiver.received[0]?.body).toEqual({ webhook_type: 'LINK', webhook_code: 'NEWS', at: null })
    const { item_id } = await pair.plaid.connect()
    expect(() => pair.controls.sendWebhook(item_id, link)).toThrow('no webhook')
  })

  it('names the user where that is asked for', async () => {
    await using pair = await openPair({ webhookUserId: true })
    await pair.send()
    expect(pair.receiver.received[0]?.body['user_id']).toMatch(/^usr_\w{14}$/)
  })
})

describe('last_webhook', () => {
  it.each([200, 500, 'reset'] as const)('is what was sent last, whatever came of it: %s', async (reply) => {
    await using pair = await openPair({ reply })
    await pair.send('FIRST')
    await pair.advance(1_000)
    await pair.send('LAST')
    const { data } = await pair.plaid.sdk.itemGet({ access_token: pair.access_token })
    expect(data.status?.last_webhook).toEqual({ code_sent: 'LAST', sent_at: '2026-03-10T12:00:01Z' })
  })
})

describe('a receiver', () => {
  it.each([
    ['that never answers', 'hang', null, 'timeout'],
    ['that cuts the connection', 'reset', null, 'connection'],
    ['that sends elsewhere', { status: 302, headers: { location: '/elsewhere' } }, 302, null],
    ['that says 204', 204, 204, null],
    ['that says 201', 201, 201, null],
  ] as const)('%s has not got it', async (_, reply, status, failure) => {
    await using pair = await openPair({ reply, webhookTimeoutMs: reply === 'hang' ? 60 : 10_000 })
    await pair.send()
    expect(pair.controls.deliveries()).toMatchObject([{ status, failure, nextAt: start + 30_000 }])
    expect(pair.receiver.received.map(({ path }) => path)).not.toContain('/elsewhere')
  })

  it('that is not there is no fault of the API', async () => {
    await using plaid = await openPlaid({ webhookDelivery: true, onExchange: unchecked })
    const gone = await openReceiver()
    await gone.close()
    for (const webhook of [gone.url, gone.url.replace('http:', 'https:')]) {
      const { access_token } = await plaid.connect([Products.Transactions], { webhook })
      await plaid.sdk.sandboxItemResetLogin({ access_token })
    }
    await plaid.controls.webhooksSettled()
    expect(plaid.controls.deliveries().map(({ failure }) => failure)).toEqual(['connection', 'connection'])
    expect(await plaid.codeOf('/institutions/get_by_id')).toBe('MISSING_FIELDS')
  })

  it('that hangs holds up neither the API nor those behind it', async () => {
    await using pair = await openPair({ reply: 'hang' })
    await using other = await openReceiver()
    const { item_id } = await pair.plaid.connect(undefined, { webhook: other.url })
    await pair.plaid.sdk.sandboxItemResetLogin({ access_token: pair.access_token })
    pair.controls.resetLogin(item_id)
    await until(() => other.received.length === 1, 8_000)
    pair.receiver.reply = 200
    pair.controls.repairItem(pair.item_id)
    await until(() => pair.receiver.received.length === 2, 8_000)
    expect(pair.receiver.codes()).toEqual(['ERROR', 'LOGIN_REPAIRED'])
  })
})
