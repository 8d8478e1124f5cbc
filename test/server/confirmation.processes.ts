import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { type ClientCapabilities, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it } from 'vitest'
import { connectBank, type Household, household, script } from '../support/coffer.ts'

interface Reply {
  readonly action: 'accept' | 'decline' | 'cancel'
  readonly content?: { readonly confirm?: boolean }
}
type Answer = () => Promise<Reply>

const form: ClientCapabilities = { elicitation: { form: {} } }

/** A client on the built program whose person answers as they are told to. */
async function asked(house: Household, capabilities: ClientCapabilities, answer?: Answer) {
  const questions: object[] = []
  const client = new Client({ name: 'test', version: '1' }, { capabilities })
  if (capabilities.elicitation !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params)
      return { ...(await (answer ?? (async () => ({ action: 'cancel' as const })))()) }
    })
  }
  const env = { ...house.env, COFFER_LISTEN: 'off' }
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [script], env }))
  return {
    questions,
    call: (name: string, args: object) => client.callTool({ name, arguments: { ...args } }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function pageIn(result: unknown): URL {
  return new URL(/http:\/\/127\S+/.exec(JSON.stringify(result))?.[0].replace(/".*$/, '') ?? '')
}

async function press(page: URL, answer: 'yes' | 'no'): Promise<string> {
  const body = new URLSearchParams({ answer })
  return await (await fetch(page, { method: 'POST', body, headers: { origin: page.origin } })).text()
}

async function oneBank() {
  const house = await household()
  const copy = await house.start()
  const itemId = (await connectBank(copy)).item_id
  const isAlive = () => house.simulator.controls.items().some((item) => !item.removed)
  const removals = () => house.simulator.controls.calls().filter(({ path }) => path === '/item/remove').length
  const listed = async () => (await copy.call('list_connections')).connections.map((row) => row.status)
  return {
    house,
    itemId,
    isAlive,
    removals,
    listed,
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

describe('revoke_connection', () => {
  it('asks the person one question with one box, and a ticked box removes', async () => {
    await using bank = await oneBank()
    const answer: Answer = async () => ({ action: 'accept', content: { confirm: true } })
    await using one = await asked(bank.house, form, answer)
    const { structuredContent } = await one.call('revoke_connection', { item_id: bank.itemId })
    expect(structuredContent).toMatchObject({
      revoked: [{ item_id: bank.itemId, institution: 'First Platypus Bank' }],
      revoked_count: 1,
      next_step: { text: 'First Platypus Bank: removed, and no file of Coffer holds its ids or its name.' },
    })
    expect(one.questions).toMatchObject([
      {
        message: expect.stringContaining('Remove First Platypus Bank?'),
        requestedSchema: { properties: { confirm: { type: 'boolean' } }, required: ['confirm'] },
      },
    ])
    expect([bank.isAlive(), bank.removals(), await bank.listed()]).toEqual([false, 1, []])
  })

  it.each<[string, Answer]>([
    ['says no', async () => ({ action: 'decline' })],
    ['closes the question', async () => ({ action: 'cancel' })],
    ['agrees without ticking the box', async () => ({ action: 'accept', content: { confirm: false } })],
    ['sends a form without the box', async () => ({ action: 'accept', content: {} })],
    ['has a client that fails', () => Promise.reject(new Error('no window'))],
  ])('does nothing when the person %s', async (_what, answer) => {
    await using bank = await oneBank()
    await using one = await asked(bank.house, form, answer)
    const { isError, content } = await one.call('revoke_connection', { item_id: bank.itemId })
    expect(isError).toBe(true)
    expect(JSON.stringify(content)).toContain(
      'NOT_CONFIRMED: No person has said yes, so nothing was removed.',
    )
    expect([bank.isAlive(), bank.removals(), await bank.listed()]).toEqual([true, 0, ['active']])
  })

  it('waits for half a minute, and takes no answer for a no', { timeout: 90_000 }, async () => {
    await using bank = await oneBank()
    await using one = await asked(bank.house, form, () => new Promise<never>(() => undefined))
    const { content } = await one.call('revoke_connection', { item_id: bank.itemId })
    expect(JSON.stringify(content)).toContain('NOT_CONFIRMED')
    expect([bank.isAlive(), bank.removals(), await bank.listed()]).toEqual([true, 0, ['active']])
  })

  it.each<[string, ClientCapabilities]>([
    ['nothing', {}],
    ['pages alone', { elicitation: { url: {} } }],
  ])('gives a page where the client can ask for %s, and its button does it', async (_what, capabilities) => {
    await using bank = await oneBank()
    await using one = await asked(bank.house, capabilities)
    const { structuredContent } = await one.call('revoke_connection', { item_id: bank.itemId })
    expect(structuredContent).toEqual({
      revoked: [],
      revoked_count: 0,
      pending: 'confirmation',
      next_step: {
        text: expect.stringMatching(
          /^Nothing was done yet; give the person this page to confirm it within five minutes: http:\/\/127\.0\.0\.1:\d+\/confirm\/[\w-]{43}$/,
        ),
      },
    })
    expect([one.questions, bank.removals(), await bank.listed()]).toEqual([[], 0, ['active']])
    const page = pageIn(structuredContent)
    expect(await (await fetch(page)).text()).toContain('Remove First Platypus Bank?')
    expect([bank.removals(), await bank.listed()]).toEqual([0, ['active']])
    const answer = await press(page, 'yes')
    expect(answer).toContain('First Platypus Bank: removed, and no file of Coffer holds its ids or its name.')
    expect([bank.isAlive(), bank.removals(), await bank.listed()]).toEqual([false, 1, []])
    expect(await press(page, 'yes')).toContain('nothing was done now')
    expect(bank.removals()).toBe(1)
  })

  it('on a page is for what it asked about, and not for what has come since', async () => {
    await using bank = await oneBank()
    await using one = await asked(bank.house, {})
    const page = pageIn((await one.call('revoke_connection', { all: true })).structuredContent)
    const copy = await bank.house.start()
    await connectBank(copy, { institutionId: 'ins_109511' })
    await press(page, 'yes')
    expect(await bank.listed()).toEqual(['active'])
    expect(bank.removals()).toBe(1)
  })

  it('is asked of a client that says of elicitation no more than that it has it', async () => {
    await using bank = await oneBank()
    const answer: Answer = async () => ({ action: 'accept', content: { confirm: true } })
    await using one = await asked(bank.house, { elicitation: {} }, answer)
    await one.call('revoke_connection', { item_id: bank.itemId })
    expect(await bank.listed()).toEqual([])
  })

  it.each([
    [{ item_id: 'x', confirm: true }, 'unknown argument'],
    [{}, 'either an item_id or all=true'],
    [{ item_id: 'x', all: true }, 'either an item_id or all=true'],
    [{ item_id: 'nobody' }, 'UNKNOWN_CONNECTION'],
  ])('refuses %j', async (args, says) => {
    await using house = await household()
    await using one = await asked(house, form)
    const { isError, content } = await one.call('revoke_connection', args)
    expect([isError, JSON.stringify(content)]).toEqual([true, expect.stringContaining(says)])
    expect(one.questions).toEqual([])
  })
})

describe('cleanup_tokens', () => {
  it('asks only for what it would remove, and does it after a yes', async () => {
    await using bank = await oneBank()
    const answer: Answer = async () => ({ action: 'accept', content: { confirm: true } })
    await using one = await asked(bank.house, form, answer)
    await one.call('cleanup_tokens', { dry_run: false })
    expect(one.questions).toEqual([])
    bank.house.simulator.controls.breakItem(bank.itemId, 'ITEM_NOT_FOUND')
    const { structuredContent } = await one.call('cleanup_tokens', { dry_run: false })
    expect(structuredContent).toMatchObject({ statistics: { total_checked: 1, expired_removed: 1 } })
    expect([one.questions.length, await bank.listed()]).toEqual([1, []])
  })
})
