import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Products } from 'plaid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hook, hour, openPlaid, start } from './harness.ts'

let folder: string
let stateFile: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  stateFile = join(folder, 'simulator.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a simulator that starts again on its file', () => {
  it('goes on: tokens, cursors, links, troubles, clock and keys', async () => {
    const before = await openPlaid({ stateFile, seed: 'one' })
    const { access_token, item_id } = await before.connect([Products.Transactions], { webhook: hook })
    const { data: page } = await before.sdk.transactionsSync({ access_token, count: 10 })
    const link = await before.createLink({ access_token })
    before.controls.advance(60_000)
    await fetch(`${before.url}/_simulator/resetLogin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ args: [item_id] }),
    })
    await before[Symbol.asyncDispose]()

    await using after = await openPlaid({ stateFile, seed: 'two', port: before.simulator.port })
    expect(after.simulator).toMatchObject({ url: before.url, secret: before.simulator.secret })
    expect(after.controls.now()).toBe(start + 60_000)
    expect(after.controls.webhookKeyIds()).toEqual(before.controls.webhookKeyIds())
    expect(await after.codeOf('/accounts/get', { access_token })).toBe('ITEM_LOGIN_REQUIRED')
    await after.controls.clickLink(link.url, 'success')
    const { data: next } = await after.sdk.transactionsSync({ access_token, cursor: page.next_cursor })
    expect(next.added.length).toBeGreaterThan(0)
  })

  it('takes keys and settings anew when they are given', async () => {
    const before = await openPlaid({ stateFile, readyAfterMs: 60_000 })
    await before[Symbol.asyncDispose]()
    await using after = await openPlaid({ stateFile, secret: 'another', readyAfterMs: 0 })
    const { access_token } = await after.connect()
    const { data } = await after.sdk.transactionsSync({ access_token })
    expect(data.transactions_update_status).toBe('HISTORICAL_UPDATE_COMPLETE')
  })

  it('takes up a file from before webhooks were sent', async () => {
    const before = await openPlaid({ stateFile })
    const { access_token } = await before.connect()
    await before[Symbol.asyncDispose]()
    const { outbox: _, ...state } = JSON.parse(readFileSync(stateFile, 'utf8'))
    for (const item of Object.values<Record<string, unknown>>(state.items)) {
      delete item['told']
      delete item['synced']
    }
    for (const key of state.webhookKeys) delete key.environment
    writeFileSync(stateFile, JSON.stringify(state))

    await using after = await openPlaid({ stateFile, timedWebhooks: true, webhookDelivery: true })
    expect(after.controls.webhookKeyIds()).toEqual(before.controls.webhookKeyIds())
    expect(await after.codeOf('/transactions/sync', { access_token })).toBe('OK')
    expect(await after.codeOf('/item/webhook/update', { access_token, webhook: null })).toBe('OK')
  })

  it('does not start on what is no state', async () => {
    writeFileSync(stateFile, '{"version":2}')
    await expect(openPlaid({ stateFile })).rejects.toThrow('another version')
  })
})

describe('the file', () => {
  it('is private, and whole before the answer is given', async () => {
    await using plaid = await openPlaid({ stateFile })
    expect(statSync(stateFile).mode & 0o777).toBe(0o600)
    const { item_id } = await plaid.connect()
    expect(readFileSync(stateFile, 'utf8')).toContain(item_id)
  })

  it('is left alone by calls that change nothing', async () => {
    await using plaid = await openPlaid({ stateFile })
    const { access_token } = await plaid.connect()
    await plaid.codeOf('/transactions/sync', { access_token })
    const { ino } = statSync(stateFile)
    await plaid.codeOf('/accounts/get', { access_token })
    await plaid.codeOf('/transactions/sync', { access_token })
    expect(statSync(stateFile).ino).toBe(ino)
  })

  it('forgets links and public tokens that are over', async () => {
    await using plaid = await openPlaid({ stateFile })
    const old = await plaid.createLink({ products: [Products.Transactions] })
    await plaid.controls.clickLink(old.url, 'success')
    plaid.controls.advance(7 * hour)
    await plaid.createLink({ products: [Products.Transactions] })
    const stored = readFileSync(stateFile, 'utf8')
    expect(stored).not.toContain(old.token)
    expect(stored).not.toContain('"public-sandbox-')
  })

  it('holds no bank data', async () => {
    await using plaid = await openPlaid({ stateFile })
    const { access_token } = await plaid.connect()
    const { data } = await plaid.sdk.transactionsSync({ access_token })
    expect(readFileSync(stateFile, 'utf8')).not.toContain(data.added[0]?.transaction_id)
  })
})

it('makes the same ids and tokens from the same seed', async () => {
  const connectOnce = async (seed: string) => {
    await using plaid = await openPlaid({ seed })
    const { access_token } = await plaid.connect()
    const { data } = await plaid.sdk.accountsGet({ access_token })
    return [access_token, data.accounts]
  }
  expect(await connectOnce('a')).toEqual(await connectOnce('a'))
  expect((await connectOnce('a'))[0]).not.toBe((await connectOnce('b'))[0])
})
