import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createPlaid } from '../../src/plaid/index.ts'
import type { Product } from '../../src/model.ts'
import type { PlaidDeps } from '../../src/plaid/operations.ts'
import { Secret } from '../../src/secret.ts'
import { type Exchange, type Simulator, startSimulator, type Typing } from '../../src/simulator/index.ts'
import { hasPlaidSchema, schemaNote, validateRequest } from '../support/plaid-schema.ts'

const brokerage = join(import.meta.dirname, '../../../shared/plaid/custom-users/brokerage_custom_user.json')
const exchanges: Exchange[] = []
const tokens = new Map<string, Secret>()
let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({
    seed: 'plaid room',
    readyAfterMs: 0,
    onExchange: (seen) => void exchanges.push(seen),
  })
})
afterAll(async () => {
  await simulator.close()
})
afterEach(() => {
  simulator.controls.set({ updateOnSuccess: true, readyAfterMs: 0 })
})

function plaidHere(changes: Partial<PlaidDeps> = {}) {
  return createPlaid({
    keys: async () => ({ clientId: simulator.clientId, secret: new Secret(simulator.secret) }),
    environment: 'sandbox',
    baseUrl: async () => simulator.url,
    clientName: 'Coffer',
    language: 'en',
    countryCodes: ['US'],
    webhookUrl: null,
    clientUserId: 'household-1',
    tokenOf: async (itemId) =>
      tokens.get(itemId) ?? new Secret('access-sandbox-00000000-0000-0000-0000-000000000000'),
    budget: { take: async () => 0 },
    now: Date.now,
    random: () => 0,
    ...changes,
  })
}

/** Connects a bank as a person would, and gives its item_id. */
async function connect(products: readonly Product[], login: Typing = {}) {
  const plaid = plaidHere()
  const link = await plaid.createLink({ products, additionalProducts: [], days: 730 })
  expect(await plaid.linkSessions(link.linkToken)).toEqual([])
  await simulator.controls.clickLink(link.url.open(), 'success', { institutionId: 'ins_109508', ...login })
  const [session] = await plaid.linkSessions(link.linkToken)
  const [added] = session?.added ?? []
  if (added === undefined) throw new Error('the link added nothing')
  const { accessToken, itemId } = await plaid.exchange(added.publicToken)
  tokens.set(itemId, accessToken)
  return { itemId, added, session }
}

const days = (back: number) =>
  new Date(simulator.controls.now() - back * 86_400_000).toISOString().slice(0, 10)

describe('a new bank', () => {
  it('is linked, exchanged and read', async () => {
    const plaid = plaidHere()
    const { itemId, added, session } = await connect(['transactions'])
    expect(session).toMatchObject({ finishedAt: expect.any(String), exited: false })
    expect(await plaid.item(itemId)).toMatchObject({
      itemId,
      institutionId: 'ins_109508',
      error: null,
      products: ['transactions'],
    })

    const accounts = await plaid.accounts(itemId)
    expect(accounts.map(({ name, mask }) => `${name} ${mask}`).sort()).toEqual(
      added.accounts.map(({ name, mask }) => `${name} ${mask}`).sort(),
    )
    const live = await plaid.liveBalances(itemId)
    expect(live.map(({ current }) => current)).toEqual(accounts.map(({ current }) => current))
    expect(live[0]?.dataAsOf).toMatch(/^20\d\d-/)

    const rows = await plaid.transactions(itemId, days(89), days(0))
    expect(rows.length).toBeGreaterThan(0)
    const raw = exchanges.findLast(({ path }) => path === '/transactions/get')?.response as {
      transactions: { transaction_id: string; amount: number }[]
    }
    const [first] = raw.transactions
    const ours = rows.find(({ transactionId }) => transactionId === first?.transaction_id)
    expect(ours?.amount).toBe(-Math.round((first?.amount ?? 0) * 100))
  })

  it('that wants to know how old a balance may be is told', async () => {
    const { itemId } = await connect(['transactions'], { institutionId: 'ins_128026' })
    await expect(plaidHere().liveBalances(itemId)).resolves.not.toHaveLength(0)
    const asked = exchanges.filter(({ path }) => path === '/accounts/balance/get').slice(-2)
    expect(asked.map(({ status }) => status)).toEqual([400, 200])
  })

  it('says so while Plaid is still fetching', async () => {
    simulator.controls.set({ readyAfterMs: 3_600_000 })
    const { itemId } = await connect(['transactions'])
    await expect(plaidHere().transactions(itemId, days(29), days(0))).rejects.toMatchObject({
      code: 'NOT_READY',
    })
  })

  it('shows that the person left', async () => {
    const plaid = plaidHere()
    const link = await plaid.createLink({
      products: ['transactions'],
      additionalProducts: ['investments'],
      days: 30,
    })
    await simulator.controls.clickLink(link.url.open(), 'cancel')
    const [session] = await plaid.linkSessions(link.linkToken)
    expect(session).toMatchObject({ added: [], exited: true })
  })

  it('is not found by a link that Plaid never made', async () => {
    const link = new Secret('link-sandbox-00000000-0000-0000-0000-000000000000')
    await expect(plaidHere().linkSessions(link)).rejects.toMatchObject({ code: 'UNKNOWN_LINK' })
  })
})

describe.each([true, false])('a broken bank, on_success in update mode: %s', (updateOnSuccess) => {
  it('is repaired on the same item', async () => {
    simulator.controls.set({ updateOnSuccess })
    const plaid = plaidHere()
    const { itemId } = await connect(['transactions'])
    await plaid.resetLogin(itemId)
    expect(await plaid.item(itemId)).toMatchObject({ error: 'ITEM_LOGIN_REQUIRED' })
    await expect(plaid.accounts(itemId)).rejects.toMatchObject({ code: 'ITEM_LOGIN_REQUIRED' })

    const link = await plaid.createLink({ itemId, addAccounts: true, addProducts: ['investments'] })
    await simulator.controls.clickLink(link.url.open(), 'success')

    expect(await plaid.linkSessions(link.linkToken)).toMatchObject([
      { finishedAt: expect.any(String), exited: false },
    ])
    expect(await plaid.item(itemId)).toMatchObject({ error: null })
    await expect(plaid.accounts(itemId)).resolves.not.toHaveLength(0)
  })
})

describe('keys and tokens', () => {
  it('are checked', async () => {
    expect(await plaidHere().checkKeys()).toEqual({ ok: true, fits: 'sandbox' })
    const wrong = {
      keys: async () => ({ clientId: simulator.clientId, secret: new Secret('0'.repeat(30)) }),
    }
    expect(await plaidHere(wrong).checkKeys()).toEqual({ ok: false, fits: null })
    await expect(plaidHere(wrong).item('x')).rejects.toMatchObject({ code: 'PLAID_KEYS_REJECTED' })
  })

  it('that Plaid does not know end a connection', async () => {
    await expect(plaidHere().accounts('nobody')).rejects.toMatchObject({
      code: 'CONNECTION_ENDED',
      plaidCode: 'INVALID_ACCESS_TOKEN',
      requestId: expect.any(String),
    })
  })
})

describe('trouble at Plaid', () => {
  it('that passes is not noticed', async () => {
    const { itemId } = await connect(['transactions'])
    simulator.controls.failNext('/accounts/get', { kind: 'reset' })
    simulator.controls.failNext('/accounts/get', { kind: 'html', status: 502 })
    await expect(plaidHere().accounts(itemId)).resolves.not.toHaveLength(0)
  })

  it('does not make a second item when only the answer was lost', async () => {
    const plaid = plaidHere()
    const link = await plaid.createLink({ products: ['transactions'], additionalProducts: [], days: 30 })
    await simulator.controls.clickLink(link.url.open(), 'success')
    const [session] = await plaid.linkSessions(link.linkToken)
    const publicToken = session?.added[0]?.publicToken ?? new Secret('')
    simulator.controls.failNext('/item/public_token/exchange', { kind: 'reset', after: true })
    await expect(plaid.exchange(publicToken)).rejects.toMatchObject({ code: 'PLAID_UNREACHABLE' })
    const calls = simulator.controls.calls().filter(({ path }) => path === '/item/public_token/exchange')
    expect(calls.at(-1)?.status).toBe(200)
  })
})

describe.skipIf(!existsSync(brokerage))("Plaid's own brokerage user (needs the shared folder)", () => {
  it('has all its positions, one of them bitcoin', async () => {
    const password = readFileSync(brokerage, 'utf8')
    const { itemId } = await connect(['investments'], { username: 'user_custom', password })
    const holdings = await plaidHere().holdings(itemId)
    expect(holdings).toHaveLength(18)
    expect(holdings.filter(({ ticker, name }) => /btc|bitcoin/i.test(`${ticker} ${name}`))).not.toHaveLength(
      0,
    )
    await expect(plaidHere().investmentTransactions(itemId, days(729), days(0))).resolves.toBeInstanceOf(
      Array,
    )
  })
})

describe.skipIf(!hasPlaidSchema)(`the requests of all these tests${schemaNote}`, () => {
  it('are as Plaid publishes them', () => {
    expect(exchanges.length).toBeGreaterThan(30)
    expect(
      exchanges.flatMap(({ path, request }) =>
        validateRequest(path, request).map((what) => `${path} ${what}`),
      ),
    ).toEqual([])
  })
})
