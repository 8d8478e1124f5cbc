import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listConnections } from '../../src/tools/list-connections.ts'
import { baseEnv, connectBank, type Copy, type Household, household, startCopy } from '../support/coffer.ts'
import { faultsOfSuccess } from '../support/contract.ts'

const all = 'coffer://connections'
const latest = 'coffer://snapshot/latest'
const tokens = 'coffer://analytics/tokens'
let house: Household
let copy: Copy
let itemId: string

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  itemId = (await connectBank(copy)).item_id
})
afterAll(() => house[Symbol.asyncDispose]())

async function read(uri: string, from: Copy = copy) {
  const { contents } = await from.client.readResource({ uri })
  const [content, ...more] = contents
  expect(more).toEqual([])
  expect(content).toMatchObject({ uri, mimeType: 'application/json' })
  const text = content !== undefined && 'text' in content ? content.text : ''
  const structuredContent: object = JSON.parse(text)
  expect(faultsOfSuccess({ content: [{ type: 'text', text }], structuredContent })).toEqual([])
  return { text, content: structuredContent }
}

describe('the resources', () => {
  it('are listed without keys and before anything is there, with all that a client shows', async () => {
    const home = join(house.home, 'nothing')
    const bare = await startCopy(baseEnv(home))
    await bare.client.listPrompts()
    const { resources } = await bare.client.listResources()
    const { resourceTemplates } = await bare.client.listResourceTemplates()
    const views = resources.splice(3)
    expect(resources.map(({ uri }) => uri)).toEqual([latest, all, tokens])
    expect(views.map(({ uri }) => uri)).toEqual(['ui://coffer/connections', 'ui://coffer/snapshot'])
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([`${all}/{item_id}`])
    for (const one of views)
      expect(one).toMatchObject({
        mimeType: 'text/html;profile=mcp-app',
        annotations: { audience: ['user'] },
      })
    for (const one of [...resources, ...resourceTemplates])
      expect(one).toMatchObject({ mimeType: 'application/json', annotations: { audience: ['assistant'] } })
    for (const one of [...resources, ...resourceTemplates, ...views]) {
      expect(one.title).toMatch(/\w/)
      expect(one.description?.length).toBeGreaterThan(40)
      expect(one.description?.length).toBeLessThanOrEqual(600)
    }
    expect(bare.client.getServerCapabilities()).toMatchObject({
      resources: { subscribe: true },
      prompts: {},
      completions: {},
    })
    expect(existsSync(home)).toBe(false)
    const unread = bare.client.readResource({ uri: all })
    await expect(unread).rejects.toMatchObject({ code: -32_603, data: { code: 'NOT_CONFIGURED' } })
    await expect(unread).rejects.toThrow(/^MCP error -32603: NOT_CONFIGURED: .*PLAID_CLIENT_ID/)
    await bare.close()
  })

  it('are pages for a person too, which hold no figure and name no other host', async () => {
    const { tools } = await copy.client.listTools()
    const shown = tools.flatMap(({ _meta }) => (_meta === undefined ? [] : [Object(_meta.ui).resourceUri]))
    expect(new Set(shown)).toEqual(new Set(['ui://coffer/connections', 'ui://coffer/snapshot']))
    for (const uri of shown) {
      const { contents } = await copy.client.readResource({ uri })
      expect(contents).toMatchObject([{ uri, mimeType: 'text/html;profile=mcp-app' }])
      const text = String(Object(contents[0]).text)
      expect(text).toMatch(/^<!doctype html>[^]*data-may-change="true"/)
      // Questions are answered on a page of this machine.
      expect(text).not.toMatch(/Platypus|https?:(?!\\\/\\\/127\\\.0\\\.0\\\.1:)|src=|@import|url\(/)
      // Nothing in the script ends it.
      expect(text.match(/<\/script/g)).toHaveLength(1)
      expect(text.length).toBeLessThan(40_000)
    }
  })

  it('the latest snapshot is what sync_snapshot gives of what is stored, and nobody has seen it', async () => {
    await copy.call('sync_snapshot')
    house.simulator.controls.resetLogin(itemId)
    await copy.call('list_connections', { refresh: true })
    const used = async () => (await copy.call('list_connections')).connections[0]?.last_used_at
    const before = await used()
    const [first, second] = [await read(latest), await read(latest)]
    expect(await used()).toBe(before)
    const { as_of: _, ...answer } = await copy.call('sync_snapshot', { max_age_minutes: -1 })
    expect(answer.changes).toMatchObject([{ code: 'STATUS_CHANGED', item_id: itemId }])
    for (const { content } of [first, second]) expect(content).toMatchObject(answer)
    expect((await read(latest)).content).toMatchObject({ changes: [] })
    house.simulator.controls.repairItem(itemId)
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
  })

  it('the analytics are what token_analytics gives', async () => {
    const { content } = await read(tokens)
    const { as_of: _, ...answer } = await copy.call('token_analytics')
    expect(content).toMatchObject(answer)
  })

  it('all connections are what list_connections gives', async () => {
    const { content } = await read(all)
    const { as_of: _, ...listed } = await copy.call('list_connections')
    expect(content).toMatchObject(listed)
    expect(listConnections.output.strict().safeParse(content).success).toBe(true)
  })

  it('one connection is that of the list', async () => {
    const { content } = await read(`${all}/${itemId}`)
    const [listed] = (await copy.call('list_connections')).connections
    expect(content).toMatchObject({ connection: listed, warnings: [] })
    expect(Object.keys(content)).toEqual(['connection', 'as_of', 'warnings'])
  })

  it.each([
    `${all}/noSuchItem`,
    'coffer://snapshots',
    `${all}/`,
    `${all}/a/b`,
    `${all}?limit=1`,
    `${all}/${'x'.repeat(65)}`,
    'file:///etc/passwd',
    'no address',
    `coffer://${'x'.repeat(5000)}`,
  ])('%s is no resource, and what there is instead is said', async (uri) => {
    const answer = copy.client.readResource({ uri })
    await expect(answer).rejects.toMatchObject({ code: -32_602 })
    await expect(answer).rejects.toThrow(/coffer:\/\/connections|list_connections/)
    const text = await answer.catch((error: unknown) => String(error))
    expect(text.length).toBeLessThan(400)
  })

  it('the ids of connections are offered to whoever types an address', async () => {
    const ref = { type: 'ref/resource' as const, uri: `${all}/{item_id}` }
    const offered = async (value: string) =>
      (await copy.client.complete({ ref, argument: { name: 'item_id', value } })).completion.values
    expect(await offered('')).toEqual([itemId])
    expect(await offered(itemId.slice(0, 5))).toEqual([itemId])
    expect(await offered('first plat')).toEqual([itemId])
    expect(await offered('nothing like it')).toEqual([])
  })
})
