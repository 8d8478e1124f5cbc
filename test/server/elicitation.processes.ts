import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import {
  type ClientCapabilities,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clickLink } from '../../src/simulator/click.ts'
import { startReauth } from '../../src/tools/start-reauth.ts'
import { connectBank, type Household, household, script } from '../support/coffer.ts'
import { until } from '../support/until.ts'

const login = { username: 'user_good', password: 'pass_good' }
type Answer = () => Promise<{ action: 'accept' | 'decline' | 'cancel' }>

let house: Household
let itemId: string

/** One broken bank; its link stays open, so that each client is handed the same one. */
beforeAll(async () => {
  house = await household()
  const copy = await house.start()
  itemId = (await connectBank(copy)).item_id
  house.simulator.controls.resetLogin(itemId)
  await copy.call('list_connections', { refresh: true })
  await copy.close()
})
afterAll(() => house[Symbol.asyncDispose]())

/** A client that declares what it is told to. */
async function client(capabilities: ClientCapabilities, answer?: Answer) {
  const shown: object[] = []
  const completed: string[] = []
  const asking = new Client({ name: 'test', version: '1' }, { capabilities })
  if (answer !== undefined) {
    asking.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      shown.push(params)
      return await answer()
    })
  }
  asking.fallbackRequestHandler = async (request) => {
    shown.push(request)
    return {}
  }
  asking.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => {
    completed.push(params.elicitationId)
  })
  const env = { ...house.env, COFFER_LOG_LEVEL: 'debug' }
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script],
    env,
    stderr: 'pipe',
  })
  let stderr = ''
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await asking.connect(transport)
  return {
    shown,
    completed,
    stderr: () => stderr,
    async repair() {
      const result = await asking.callTool({ name: 'start_reauth', arguments: { item_id: itemId } })
      const link = startReauth.output.parse(result.structuredContent)
      return { ...link, url: link.url ?? '', link_id: link.link_id ?? '' }
    },
    async check(linkId: string, seconds = 0) {
      const args = { link_id: linkId, wait_seconds: seconds }
      return (await asking.callTool({ name: 'check_connection', arguments: args })).structuredContent
    },
    [Symbol.asyncDispose]: () => asking.close(),
  }
}

describe('a client that cannot show a page', () => {
  it.each<[string, ClientCapabilities]>([
    ['nothing', {}],
    ['elicitation, and no more', { elicitation: {} }],
    ['forms alone', { elicitation: { form: {} } }],
  ])('since it declares %s is asked nothing, and given the url all the same', async (_what, capabilities) => {
    await using one = await client(capabilities)
    const link = await one.repair()
    expect(link).toMatchObject({ already_active: false, opened: false })
    expect(link.url).toMatch(/^http/)
    expect(await one.check(link.link_id)).toMatchObject({ outcome: 'pending' })
    expect([one.shown, one.completed]).toEqual([[], []])
  })
})

describe('a client that can show a page', () => {
  it.each<[string, Answer]>([
    ['says no', async () => ({ action: 'decline' })],
    ['fails', () => Promise.reject(new Error('no window'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('and %s keeps the tool from nothing', async (_what, answer) => {
    await using one = await client({ elicitation: { url: {} } }, answer)
    const link = await one.repair()
    expect(link.url).toMatch(/^http/)
    await until(() => one.shown.length === 1)
    expect(await one.check(link.link_id)).toMatchObject({ outcome: 'pending' })
    expect(one.stderr()).not.toContain('process.unhandled')
    expect(one.stderr()).not.toContain(link.url)
  })

  it('is given the link of a repair, and told once when nothing is to be done there any more', async () => {
    await using one = await client({ elicitation: { url: {} } }, async () => ({ action: 'accept' }))
    const link = await one.repair()
    expect(link).toMatchObject({ already_active: false, opened: true })
    await until(() => one.shown.length === 1)
    expect(one.shown[0]).toMatchObject({ mode: 'url', elicitationId: link.link_id, url: link.url })
    expect(one.shown[0]).toHaveProperty('message', expect.stringContaining('First Platypus Bank'))
    // Asked for again while it is open, the same link is shown again.
    expect((await one.repair()).link_id).toBe(link.link_id)
    expect(one.completed).toEqual([])
    await clickLink(link.url, 'success', login)
    expect(await one.check(link.link_id, 15)).toMatchObject({ outcome: 'repaired' })
    await until(() => one.completed.length > 0, 2000)
    expect(one.completed).toEqual([link.link_id])
    expect(one.stderr()).not.toContain(link.url)
  })
})
