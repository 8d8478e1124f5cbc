import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')

/** What the registry's schema of 2025-12-11 asks for, with nothing that it does not know. */
const server = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z.string().regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  packages: z.tuple([
    z.strictObject({
      registryType: z.literal('npm'),
      identifier: z.string(),
      version: z.string().regex(/^\d+\.\d+\.\d+$/),
      transport: z.strictObject({ type: z.literal('stdio') }),
      environmentVariables: z.array(
        z.strictObject({
          name: z.string(),
          description: z.string(),
          isRequired: z.boolean(),
          isSecret: z.boolean(),
          default: z.string().optional(),
        }),
      ),
    }),
  ]),
})

it('server.json is what the MCP registry takes, and says what package.json says', () => {
  const { name, version, packages } = server.parse(read('server.json'))
  const [{ identifier, version: packed, environmentVariables }] = packages
  expect(read('package.json')).toMatchObject({ mcpName: name, name: identifier, version })
  expect(packed).toBe(version)
  const secrets = environmentVariables.filter(({ isSecret }) => isSecret)
  expect(secrets.map((one) => one.name)).toEqual(
    expect.arrayContaining(['PLAID_CLIENT_ID', 'PLAID_SECRET', 'TOKEN_ENCRYPTION_KEY']),
  )
  expect(secrets.filter((one) => one.default !== undefined)).toEqual([])
})

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), 'utf8'))
}
