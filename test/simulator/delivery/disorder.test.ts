import { describe, expect, it } from 'vitest'
import { openPair } from './receiver.ts'

type Pair = Awaited<ReturnType<typeof openPair>>

async function sendAll(pair: Pair, codes: string): Promise<string[]> {
  for (const code of codes) pair.controls.sendWebhook(pair.item_id, { type: 'ITEM', code })
  await pair.controls.webhooksSettled()
  return pair.receiver.codes().map(String)
}

async function control(pair: Pair, name: string, args: unknown[] = []): Promise<unknown> {
  const response = await fetch(`${pair.plaid.url}/_simulator/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ args }),
  })
  return response.json()
}

describe('duplicates', () => {
  it('are as many as asked for, each signed by itself', async () => {
    await using pair = await openPair({ webhookCopies: 3 })
    expect(await sendAll(pair, 'AB')).toEqual(['A', 'A', 'A', 'B', 'B', 'B'])
    const [first] = pair.receiver.received
    expect(pair.receiver.received.filter(({ text }) => text === first?.text)).toHaveLength(3)
    expect(new Set(pair.receiver.received.map(({ signatures: [one] }) => one)).size).toBe(6)
  })
})

describe('reordering', () => {
  it('keeps the next ones back and sends them the other way round', async () => {
    await using pair = await openPair()
    pair.controls.holdWebhooks(4)
    expect(await sendAll(pair, 'ABC')).toEqual([])
    expect(await sendAll(pair, 'D')).toEqual(['D', 'C', 'B', 'A'])
    expect(await sendAll(pair, 'E')).toEqual(['D', 'C', 'B', 'A', 'E'])
  })

  it('may be by chance, the same for one seed', async () => {
    const arrived = async () => {
      await using pair = await openPair()
      pair.controls.holdWebhooks(8, 'shuffled')
      return await sendAll(pair, 'ABCDEFGH')
    }
    const once = await arrived()
    expect(once.toSorted().join('')).toBe('ABCDEFGH')
    expect(['ABCDEFGH', 'HGFEDCBA']).not.toContain(once.join(''))
    expect(await arrived()).toEqual(once)
  })

  it('ends when it is told to', async () => {
    await using pair = await openPair()
    await control(pair, 'holdWebhooks', [9])
    expect(await sendAll(pair, 'AB')).toEqual([])
    await control(pair, 'releaseWebhooks')
    await control(pair, 'webhooksSettled')
    expect(pair.receiver.codes()).toEqual(['B', 'A'])
    expect(await sendAll(pair, 'C')).toEqual(['B', 'A', 'C'])
  })
})

describe('loss', () => {
  it('takes the next ones, which Plaid believes sent', async () => {
    await using pair = await openPair()
    pair.controls.loseWebhooks(2)
    expect(await sendAll(pair, 'AB')).toEqual([])
    const { data } = await pair.plaid.sdk.itemGet({ access_token: pair.access_token })
    expect(data.status?.last_webhook?.code_sent).toBe('B')
    expect(await control(pair, 'deliveries')).toMatchObject({
      result: [
        { code: 'A', failure: 'lost', nextAt: null },
        { code: 'B', failure: 'lost', nextAt: null },
      ],
    })
    expect(await sendAll(pair, 'C')).toEqual(['C'])
  })

  it('takes a share, the same for one seed', async () => {
    const arrived = async () => {
      await using pair = await openPair({ webhookLossShare: 0.5 })
      return await sendAll(pair, 'ABCDEFGHIJKLMNOPQRST')
    }
    const some = await arrived()
    expect(some.length).toBeGreaterThan(4)
    expect(some.length).toBeLessThan(16)
    expect(await arrived()).toEqual(some)
  })
})

describe('delay', () => {
  it('is by the clock', async () => {
    await using pair = await openPair({ webhookDelayMs: 5_000 })
    expect(await sendAll(pair, 'A')).toEqual([])
    await pair.advance(4_999)
    expect(pair.receiver.codes()).toEqual([])
    await pair.advance(1)
    expect(pair.receiver.codes()).toEqual(['A'])
  })
})
