import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plaid } from '../../src/plaid/operations.ts'
import { Secret } from '../../src/secret.ts'
import {
  accessToken,
  apiSecret,
  clientId,
  type Fake,
  plaidError,
  plaidOn,
  type Reply,
  startFake,
} from './fake-plaid.ts'

const publicToken = 'public-sandbox-canary-0004'
const linkToken = 'link-sandbox-canary-0005'
const planted = [accessToken, apiSecret, clientId, publicToken, linkToken]

const calls: Record<string, (plaid: Plaid) => Promise<unknown>> = {
  '/link/token/create': (plaid) => plaid.createLink({ itemId: 'i', addAccounts: true, addProducts: [] }),
  '/link/token/get': (plaid) => plaid.linkSessions(new Secret(linkToken)),
  '/item/public_token/exchange': (plaid) => plaid.exchange(new Secret(publicToken)),
  '/item/get': (plaid) => plaid.item('i'),
  '/item/remove': (plaid) => plaid.removeItem('i'),
  '/item/webhook/update': (plaid) => plaid.updateWebhook('i', 'https://tunnel.example/plaid/webhook'),
  '/webhook_verification_key/get': (plaid) => plaid.webhookKey('6e2a8f6c-0000-4000-8000-000000000000'),
  '/accounts/get': (plaid) => plaid.accounts('i'),
  '/accounts/balance/get': (plaid) => plaid.liveBalances('i'),
  '/transactions/get': (plaid) => plaid.transactions('i', '2026-01-01', '2026-01-31'),
  '/transactions/sync': (plaid) => plaid.transactionUpdates('i', 'cursor'),
  '/investments/holdings/get': (plaid) => plaid.holdings('i'),
  '/investments/transactions/get': (plaid) => plaid.investmentTransactions('i', '2026-01-01', '2026-01-31'),
  '/liabilities/get': (plaid) => plaid.liabilities('i'),
  '/sandbox/item/reset_login': (plaid) => plaid.resetLogin('i'),
}

const everySecret = planted.join(' ')
const troubles: [string, Reply][] = [
  ['a reset', 'reset'],
  ['half an answer', 'cut'],
  ['a page that repeats the request', { status: 502, text: `<html>${everySecret}</html>` }],
  ['an error text with secrets in it', plaidError('INVALID_FIELD', 400, { error_message: everySecret })],
  ['a code that is a secret', plaidError(accessToken, 400, { request_id: publicToken.repeat(3) })],
  [
    'an answer without what it should hold',
    { json: { echo: everySecret, link_token: linkToken, access_token: accessToken } },
  ],
]

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

describe.each(troubles)('after %s', (_what, reply) => {
  it.each(Object.keys(calls))('no secret shows in the error or the report of %s', async (path) => {
    const { plaid, reports } = plaidOn(fake)
    fake.on(path, reply)
    const error = await calls[path]?.(plaid).catch((thrown: unknown) => thrown)
    const shown = [error, reports, plaid].flatMap((value) => [
      inspect(value, { depth: 12, showHidden: true, getters: true }),
      JSON.stringify(value),
      String(value),
    ])
    if (error instanceof Error) shown.push(error.message, error.stack ?? '')
    for (const secret of planted) expect(shown.join('\n')).not.toContain(secret)
  })
})

it('knows every path that may be called', async () => {
  const { endpoints } = await import('../../src/plaid/endpoints.ts')
  expect([...Object.keys(calls), '/institutions/get_by_id'].sort()).toEqual(Object.keys(endpoints).sort())
})

it('keeps tokens that came in from showing', async () => {
  const { plaid } = plaidOn(fake)
  fake.on('/item/public_token/exchange', { json: { access_token: accessToken, item_id: 'item1' } })
  const answer = await plaid.exchange(new Secret(publicToken))
  expect(answer.accessToken.open()).toBe(accessToken)
  expect(inspect(answer, { depth: 5, showHidden: true }) + JSON.stringify(answer)).not.toContain(accessToken)
})
