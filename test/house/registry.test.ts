import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { tools } from '../../src/tools/index.ts'
import { listingOf } from '../../src/tools/listing.ts'
import { root } from './tree.ts'

const home = mkdtempSync(join(tmpdir(), 'coffer-house-'))
const bin = join(root, 'dist', 'bin.js')
let offered: Awaited<ReturnType<typeof listed>>
let readOnly: Awaited<ReturnType<typeof listed>>

beforeAll(async () => {
  if (!existsSync(bin)) throw new Error('dist/bin.js is not there: npm run build')
  offered = await listed({})
  readOnly = await listed({ COFFER_READ_ONLY: '1' })
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('the tools, as the built server lists them', () => {
  it('are the registry, in its order, and 18 at most', () => {
    expect(offered.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    expect(tools.length).toBeLessThanOrEqual(18)
  })

  it('are what their schemas say, although the build has made the list', () => {
    expect(offered.tools).toEqual(JSON.parse(JSON.stringify(tools.map(listingOf))))
  })

  it('have not changed unseen', () => {
    expect(offered.tools).toMatchSnapshot()
  })

  it('cost a conversation 24 kB at most', () => {
    expect(Buffer.byteLength(JSON.stringify(offered.tools))).toBeLessThanOrEqual(24_000)
  })

  it('come with instructions of 1,500 characters at most', () => {
    expect(offered.instructions.length).toBeGreaterThan(0)
    expect(offered.instructions.length).toBeLessThanOrEqual(1500)
  })

  it('change nothing when changes are switched off', () => {
    expect(readOnly.tools.map(({ name }) => name)).toEqual(
      tools.filter(({ effect }) => effect === 'read' || effect === 'refresh').map(({ name }) => name),
    )
    expect(readOnly.tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true)
  })
})

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const listing = () => offered.tools.find((one) => one.name === name)

  it('is named in snake case, and its file after it', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(existsSync(join(root, 'src', 'tools', `${name.replaceAll('_', '-')}.ts`))).toBe(true)
  })

  it('has a title and a description of 600 characters at most', () => {
    expect(listing()?.title).toMatch(/\w/)
    expect(listing()?.description?.length).toBeGreaterThan(40)
    expect(listing()?.description?.length).toBeLessThanOrEqual(600)
  })

  it('gives every hint, and none that contradicts its effect', () => {
    const changes = tool.effect === 'write' || tool.effect === 'destroy'
    expect(listing()?.annotations).toEqual({
      title: tool.title,
      readOnlyHint: !changes,
      destructiveHint: tool.effect === 'destroy',
      idempotentHint: !changes,
      openWorldHint: expect.any(Boolean),
    })
  })

  it('takes a flat object and nothing that it does not name', () => {
    const { type, additionalProperties, properties } = inputSchema.parse(listing()?.inputSchema)
    expect([type, additionalProperties]).toEqual(['object', false])
    expect(Object.entries(properties).filter(([, schema]) => !isPlain(schema))).toEqual([])
  })

  it('lists what it gives, and has no field for a secret in it', () => {
    expect(listing()?.outputSchema).toMatchObject({ type: 'object' })
    expect(fieldsOf(z.toJSONSchema(tool.output)).filter((field) => secretNames.test(field))).toEqual([])
  })
})

describe('the check for fields of secrets', () => {
  it.each(['access_token', 'linkToken', 'token', 'plaid_secret', 'password', 'api_key', 'routing'])(
    'knows %s',
    (name) => {
      const schema = z.object({ rows: z.array(z.object({ [name]: z.string() })) })
      expect(fieldsOf(z.toJSONSchema(schema)).filter((field) => secretNames.test(field))).toEqual([name])
    },
  )
})

const secretNames =
  /(^|_|[a-z](?=T))token$|secret|password|passphrase|credential|api_?key|private|routing|client_?id/i

const inputSchema = z.object({
  type: z.string(),
  additionalProperties: z.unknown().optional(),
  properties: z.record(
    z.string(),
    z.looseObject({ type: z.string().optional(), items: z.unknown().optional() }),
  ),
})

function isPlain({ type, items }: { type?: unknown; items?: unknown }): boolean {
  if (type === 'array')
    return typeof items === 'object' && items !== null && 'type' in items && items.type === 'string'
  return ['string', 'number', 'integer', 'boolean'].includes(String(type))
}

/** The names of all properties, however deep. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const below = Object.values(schema).flatMap(fieldsOf)
  const isObject =
    'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
  return isObject ? [...Object.keys(schema.properties ?? {}), ...below] : below
}

async function listed(env: Record<string, string>) {
  const client = new Client({ name: 'house', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [bin], env: { COFFER_HOME: home, ...env } }),
  )
  const { tools: list } = await client.listTools()
  const instructions = client.getInstructions() ?? ''
  await client.close()
  return { tools: list, instructions }
}
