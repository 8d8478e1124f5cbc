import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { tools } from '../../src/tools/index.ts'
import { household, startCopy } from '../support/coffer.ts'
import { tellTheStory } from './story.ts'

const root = join(import.meta.dirname, '../..')
const report = z.object({
  filename: z.string(),
  size: z.number(),
  files: z.array(z.object({ path: z.string() })),
})
let prefix: string
let packed: z.output<typeof report>

beforeAll(() => {
  prefix = mkdtempSync(join(tmpdir(), 'coffer-npm-'))
  // Its scripts would build once more, in the folder that other tests start their servers from.
  const said = npm('pack', '--ignore-scripts', '--json', '--pack-destination', prefix)
  const [first] = Object.values(z.record(z.string(), report).or(z.array(report)).parse(JSON.parse(said)))
  packed = report.parse(first)
})

afterAll(() => rmSync(prefix, { recursive: true, force: true }))

describe('the package for npm', () => {
  it('has the program, its documents and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['dist/bin.js', 'README.md', 'SECURITY.md', 'LICENSE']))
    const known = /^(dist\/[\w-]+\.js|docs\/[\w/.-]+|(README|CHANGELOG|SECURITY)\.md|LICENSE|package\.json)$/
    expect(paths.filter((path) => !known.test(path))).toEqual([])
    expect(paths.filter((path) => /test|\.map$|\.env|\.key$|\.db$|\.pem$/.test(path))).toEqual([])
  })

  it('is less than 5 MB without its dependencies', () => {
    expect(packed.size).toBeLessThan(5_000_000)
  })

  it('names no path of the machine that it was made on, and no token', () => {
    const token = /(?:access|public|link)-(?:sandbox|production)-[0-9a-f-]{36}/
    const texts = packed.files.map(({ path }) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    expect(
      texts.filter(({ text }) => text.includes(root) || token.test(text)).map(({ path }) => path),
    ).toEqual([])
  })

  it('starts where it was installed into nothing, and tells the whole story', async () => {
    npm(
      'install',
      '--prefix',
      prefix,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      join(prefix, packed.filename),
    )
    await using home = await household()
    const copy = await startCopy(home.env, [], [], [join(prefix, 'node_modules/coffer-mcp/dist/bin.js')])
    try {
      const listed = await copy.client.listTools()
      expect(listed.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
      await tellTheStory(copy, home)
    } finally {
      await copy.close()
    }
  }, 180_000)
})

function npm(...args: string[]): string {
  return execFileSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
}
