import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { settings } from '../../src/settings.ts'
import { household, startCopy } from '../support/coffer.ts'
import { tellTheStory } from './story.ts'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'third-party/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js')
const passphrase = 'correct horse battery staple'
const shape = z.looseObject({
  version: z.string(),
  server: z.looseObject({
    mcp_config: z.strictObject({
      command: z.literal('node'),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
  user_config: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      required: z.boolean(),
      sensitive: z.boolean().optional(),
      default: z.union([z.string(), z.boolean()]).optional(),
    }),
  ),
})
let unpacked: string
let manifest: z.output<typeof shape>

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/pack-mcpb.mjs')], { stdio: 'pipe' })
  const { version } = z.object({ version: z.string() }).parse(jsonOf(join(root, 'package.json')))
  unpacked = mkdtempSync(join(tmpdir(), 'coffer mcpb '))
  execFileSync(process.execPath, [cli, 'unpack', join(root, `build/coffer-mcp-${version}.mcpb`), unpacked])
  manifest = shape.parse(jsonOf(join(unpacked, 'manifest.json')))
})

afterAll(() => rmSync(unpacked, { recursive: true, force: true }))

describe('the extension of Claude Desktop', () => {
  it('is valid by the packer of its makers', () => {
    const said = execFileSync(process.execPath, [cli, 'validate', join(unpacked, 'manifest.json')])
    expect(String(said)).toContain('Manifest schema validation passes')
  })

  it('has nothing native in it, and no source', () => {
    const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' })
    expect(files).toContain(join('server', 'bin.mjs'))
    expect(files.filter((name) => /\.(node|ts|map|so|dylib|dll)$|node_modules|\.env/.test(name))).toEqual([])
  })

  it('asks for the keys and the passphrase as secrets, and for no other', () => {
    const asked = Object.entries(manifest.user_config)
    const secret = asked.filter(([, { sensitive }]) => sensitive === true)
    expect(secret.map(([name]) => name)).toEqual(['plaid_client_id', 'plaid_secret', 'token_encryption_key'])
    expect(secret.filter(([, field]) => !field.required || field.default !== undefined)).toEqual([])
    // The host would pass the placeholder itself for what has neither value nor default.
    const open = asked.filter(([, field]) => field.sensitive !== true && field.default === undefined)
    expect(open).toEqual([])
  })

  it('sets settings alone, with values that fit', () => {
    const wrong = Object.entries(environment()).filter(([name, value]) => {
      const setting = Object.values(settings).find(({ variable }) => variable === name)
      return setting?.schema.safeParse(value).success !== true
    })
    expect(wrong).toEqual([])
  })

  it('tells the whole story where no native module may be loaded', async () => {
    await using home = await household()
    const { COFFER_KEY: _, ...env } = home.env
    const filledIn = environment({
      plaid_client_id: home.simulator.clientId,
      plaid_secret: home.simulator.secret,
    })
    const [program = ''] = manifest.server.mcp_config.args.map(expanded)
    const copy = await startCopy({ ...env, ...filledIn }, [], [], ['--no-addons', program])
    try {
      await tellTheStory(copy, home)
      const analytics = await copy.call('token_analytics')
      expect(Object.keys(analytics.key_versions)).toEqual([expect.stringContaining('-env-')])
    } finally {
      await copy.close()
    }
    expect(copy.stderr()).toBe('')
  })
})

/** What the host makes of the manifest when the person has filled in what is asked. */
function environment(filledIn: Record<string, string> = {}): Record<string, string> {
  const given = {
    plaid_client_id: 'id',
    plaid_secret: 'secret',
    token_encryption_key: passphrase,
    ...filledIn,
  }
  const defaults = Object.entries(manifest.user_config).map(([name, field]) => [name, String(field.default)])
  const values = z.record(z.string(), z.string()).parse({ ...Object.fromEntries(defaults), ...given })
  return Object.fromEntries(
    Object.entries(manifest.server.mcp_config.env).map(([name, text]) => [
      name,
      text.replace(/\$\{user_config\.(\w+)\}/g, (whole, field: string) => values[field] ?? whole),
    ]),
  )
}

function expanded(text: string): string {
  return text.replaceAll('${__dirname}', unpacked)
}

function jsonOf(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
