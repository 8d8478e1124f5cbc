import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settings } from '../../src/settings.ts'
import { version } from '../../src/version.ts'
import { freshEnv, run } from './process.ts'

const commands = [
  'open',
  'list',
  'sync',
  'positions',
  'export',
  'tokens',
  'keys',
  'erase',
  'connect',
  'reauth',
  'call',
  'doctor',
  'listen',
  'install',
  'uninstall',
  'demo',
]
const withSettings = [
  'open',
  'list',
  'sync',
  'positions',
  'export',
  'tokens analytics',
  'keys status',
  'keys rotate',
  'keys retire',
  'erase',
  'connect',
  'reauth',
  'call',
  'doctor',
  'listen',
]

describe('--help', () => {
  it('lists every command, and what it serves without one', async () => {
    const { code, stdout, stderr } = await run(['--help'], freshEnv())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    expect(stdout).toContain('With no command it serves MCP on stdio')
  })

  it.each([...withSettings, 'tokens', 'keys', 'install', 'uninstall', 'demo'])(
    'of %s says what it does',
    async (command) => {
      const { code, stdout } = await run([...command.split(' '), '--help'], freshEnv())
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^Usage: coffer-mcp ${command}`))
    },
  )

  it('of a command has --demo and a flag for each setting that is no secret', async () => {
    const { stdout } = await run(['list', '--help'], freshEnv())
    expect(stdout).toContain('--demo')
    expect(stdout).toContain('--json')
    expect(stdout).toContain('docs/config.md')
    for (const { flag, variable } of Object.values(settings)) {
      expect(stdout.includes(`--${flag} `) && stdout.includes(`instead of ${variable}`)).toBe(flag !== null)
    }
  })
})

describe('documents', () => {
  const root = join(import.meta.dirname, '../..')
  const documents = [
    ...['README.md', 'SECURITY.md', 'CHANGELOG.md'].map((name) => join(root, name)),
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(root, 'docs', name)),
  ]
  /** As it stands in a document: with a word more where its command has commands of its own. */
  const named = documents.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/`(?:npx )?coffer-mcp ((?:tokens|keys) [a-z]+|[a-z]+)/g)].map(
      ([, command = '']) => command,
    ),
  )

  it.each([...new Set(named)].sort())('name a command that there is: %s', async (command) => {
    const { stdout } = await run([...command.split(' '), '--help'], freshEnv())
    expect(stdout).toMatch(new RegExp(`^Usage: coffer-mcp ${command}\\b`))
  })
})

describe('--version', () => {
  it('is the one of the package', async () => {
    expect(await run(['--version'], freshEnv())).toMatchObject({ code: 0, stdout: `${version}\n` })
  })
})

describe('what is no command of ours', () => {
  it.each([
    ['nonsense'],
    ['--nonsense'],
    ['list', '--nonsense'],
    ['list', 'more'],
    ['tokens'],
    ['tokens', 'nonsense'],
    ['call'],
    ['install'],
    ['install', 'some-editor'],
    ['sync', '--days', 'many'],
    ['sync', '--days', '0'],
    ['sync', '--days', '731'],
    ['sync', '--max-age', '1.5'],
    ['export'],
    ['export', 'everything'],
    ['export', 'balances', '--from', '2026-02-30'],
    ['export', 'balances', '--format', 'xml'],
    ['list', '--home'],
    // Served, these would be another program than was asked for: the real one, or one in ./on.
    ['--demo=1'],
    ['--read-only=on'],
    ['--home'],
  ])('ends with 2, and says so on stderr: %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await run(
      args.filter((arg) => arg !== undefined),
      freshEnv(),
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toBe('')
    expect(stderr).not.toContain('    at ')
  })
})

describe('an old Node', () => {
  it('is no complaint at the start of a session', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})"
    const args = ['list', '--attention', '--hook']
    expect(await run(args, freshEnv(), ['--import', pretend])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it.each(['20.20.2', '22.19.0', '18.0.0'])(
    '%s is refused in one line, before anything else is read',
    async (old) => {
      const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${old}'})`
      const { code, stdout, stderr } = await run(['list'], freshEnv(), ['--import', pretend])
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
      expect(stderr).toBe(
        `coffer-mcp needs Node 22.20 or newer; this is Node ${old} (${process.execPath}).\n`,
      )
    },
  )
})
