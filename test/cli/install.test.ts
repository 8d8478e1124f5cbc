import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type InstallOptions, runInstall } from '../../src/cli/install.ts'

let home: string
let script: string
let desktop: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-install-'))
  script = join(home, 'bin.js')
  writeFileSync(script, '')
  desktop = join(home, '.config', 'Claude', 'claude_desktop_config.json')
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('install', () => {
  it('writes a new file that only its owner can read', async () => {
    const { exitCode } = await run({ yes: true })

    expect(exitCode).toBe(0)
    expect(serverOf(desktop)).toEqual({ command: process.execPath, args: [script] })
    expect(statSync(desktop).mode & 0o777).toBe(0o600)
    expect(filesBeside(desktop)).toEqual(['claude_desktop_config.json'])
  })

  it('leaves every other byte of the file as it was, and a backup', async () => {
    const before =
      '{\n\t"theme": "dark",\n\t"mcpServers": {\n\t\t"other": { "command": "x", "args": ["-y", "é"] }\n\t},\n\t"big": 12345678901234567890\n}\n'
    given(desktop, before, 0o644)

    const { lines } = await run({ yes: true })

    const after = readFileSync(desktop, 'utf8')
    const added = `,\n\t\t"coffer": {\n\t\t\t"command": ${JSON.stringify(process.execPath)},\n\t\t\t"args": [\n\t\t\t\t"${script}"\n\t\t\t]\n\t\t}`
    expect(after).toBe(before.replace('"é"] }', `"é"] }${added}`))
    expect(statSync(desktop).mode & 0o777).toBe(0o644)
    const backup = `${desktop}.backup-20261121T101112013Z`
    expect(readFileSync(backup, 'utf8')).toBe(before)
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(lines.join('\n')).toContain(backup)
  })

  it('says so when it is there already, and writes nothing', async () => {
    await run({ yes: true })
    const { lines, exitCode } = await run({ yes: true })

    expect(exitCode).toBe(0)
    expect(lines).toEqual([`Coffer is already in Claude Desktop, just so (${desktop}).`])
    expect(filesBeside(desktop)).toEqual(['claude_desktop_config.json'])
  })

  it('replaces an entry that says something else', async () => {
    given(desktop, '{"mcpServers":{"coffer":{"command":"old"},"b":{}}}')
    const { lines } = await run({ yes: true, demo: true })

    expect(lines[0]).toBe(`Replaces the coffer entry of Claude Desktop, in ${desktop}:`)
    expect(serverOf(desktop)).toEqual({ command: process.execPath, args: [script, '--demo'] })
    expect(Object.keys(configOf(desktop).mcpServers)).toEqual(['coffer', 'b'])
  })

  it('treats an empty file as one without servers', async () => {
    given(desktop, ' \n')
    await run({ yes: true })
    expect(serverOf(desktop)).toMatchObject({ args: [script] })
  })

  it('follows links: of the settings file, of the script, of Node', async () => {
    const real = join(home, 'dotfiles', 'claude.json')
    given(real, '{}')
    mkdirSync(dirname(desktop), { recursive: true })
    symlinkSync(real, desktop)
    const [node, bin] = [join(home, 'node'), join(home, 'coffer-mcp')]
    symlinkSync(process.execPath, node)
    symlinkSync(script, bin)

    await run({ yes: true, execPath: node, script: bin })

    expect(lstatSync(desktop).isSymbolicLink()).toBe(true)
    expect(serverOf(real)).toEqual({ command: process.execPath, args: [script] })
  })

  it('warns of a copy that npx may throw away', async () => {
    const cached = join(home, '.npm', '_npx', '0a1b', 'bin.js')
    given(cached, '')
    expect((await run({ dryRun: true, script: cached })).lines.join('\n')).toContain(
      'npm install -g coffer-mcp',
    )
  })
})

describe('settings', () => {
  const env = {
    PLAID_ENV: 'production',
    COFFER_HOME: 'data',
    COFFER_LOG_LEVEL: ' ',
    COFFER_UNHEARD_OF: 'x',
    HOME: '/nowhere',
    PLAID_CLIENT_ID: 'made-up-id',
    PLAID_SECRET: 'made-up-secret',
    TOKEN_ENCRYPTION_KEY: 'made-up passphrase',
  }

  it('that are set go along, with absolute paths, but no secret', async () => {
    const { lines } = await run({ yes: true, env })

    expect(serverOf(desktop)).toMatchObject({
      env: { PLAID_ENV: 'production', COFFER_HOME: join(process.cwd(), 'data') },
    })
    expect(readFileSync(desktop, 'utf8')).not.toMatch(/made-up|UNHEARD|LOG_LEVEL/)
    expect(lines.join('\n')).toContain(
      'Secrets are left out (PLAID_CLIENT_ID, PLAID_SECRET, TOKEN_ENCRYPTION_KEY).',
    )
  })

  it('without any key say where keys come from', async () => {
    const { lines } = await run({ yes: true, env: {} })
    expect(lines.join('\n')).toContain('No Plaid keys are known yet: coffer-mcp setup asks for them')
    expect(lines.join('\n')).not.toContain('Secrets are left out')
  })

  it('that are secret go along when asked, into a file for the owner alone, and are never shown', async () => {
    given(desktop, '{}', 0o644)
    const { lines } = await run({ yes: true, env, withKeys: true })

    expect(serverOf(desktop)).toMatchObject({
      env: { PLAID_CLIENT_ID: 'made-up-id', PLAID_SECRET: 'made-up-secret' },
    })
    expect(statSync(desktop).mode & 0o777).toBe(0o600)
    expect(lines.join('\n')).not.toContain('made-up')
    expect(lines.join('\n')).toContain('in plain text')
  })

  it('that are secret and leave the file are said to be in its backup', async () => {
    given(
      desktop,
      JSON.stringify({ mcpServers: { coffer: { command: 'x', env: { PLAID_SECRET: 'made-up' } } } }),
    )
    const { lines } = await run({ yes: true, keysInKeychain: true })
    expect(lines.join('\n')).toMatch(/backup-\w+\nIt holds PLAID_SECRET in plain text: delete it/)
    expect(lines.join('\n')).not.toContain('made-up')
    expect((await run({ yes: true, demo: true })).lines.join('\n')).not.toContain('It holds')
  })

  it('need no keys where these are in the keychain', async () => {
    const { lines } = await run({ yes: true, keysInKeychain: true })
    expect(lines).toContain('The Plaid keys are in the keychain, so the file needs none.')
    expect(lines.join('\n')).not.toContain('--with-keys')
  })

  it('that are asked for but not set are a refusal', async () => {
    const { lines, exitCode } = await run({ yes: true, withKeys: true })
    expect(exitCode).toBe(1)
    expect(lines.join('\n')).toContain('PLAID_SECRET, which are not set here')
    expect(existsSync(desktop)).toBe(false)
  })
})

describe('nothing is written', () => {
  it.each([
    ['is not valid JSON', '{"mcpServers": {,}}'],
    ['is not valid JSON', '// comment\n{}'],
    ['is not a JSON object', '[]'],
    ['has an "mcpServers" that is not an object', '{"mcpServers": []}'],
  ])('to a file that %s', async (problem, text) => {
    given(desktop, text)
    const { lines, exitCode } = await run({ yes: true })

    expect(exitCode).toBe(1)
    expect(lines).toEqual([`${desktop} ${problem}. Nothing was changed; mend the file first.`])
    expect(readFileSync(desktop, 'utf8')).toBe(text)
    expect(filesBeside(desktop)).toEqual(['claude_desktop_config.json'])
  })

  it('through a link that leads nowhere', async () => {
    mkdirSync(dirname(desktop), { recursive: true })
    symlinkSync(join(home, 'gone'), desktop)
    expect((await run({ yes: true })).lines[0]).toContain('cannot be read')
    expect(existsSync(join(home, 'gone'))).toBe(false)
  })

  it('in a dry run', async () => {
    const { lines, exitCode } = await run({ dryRun: true })
    expect(exitCode).toBe(0)
    expect(lines.at(-1)).toBe('Dry run: nothing was written.')
    expect(existsSync(desktop)).toBe(false)
  })

  it('without a yes', async () => {
    expect((await run({})).exitCode).toBe(1)
    expect((await run({ confirm: async () => false })).exitCode).toBe(1)
    expect(existsSync(desktop)).toBe(false)
  })

  it('over what another program wrote in the meantime', async () => {
    given(desktop, '{}')
    const confirm = async () => {
      writeFileSync(desktop, '{"theirs":1}')
      return true
    }
    const { lines, exitCode } = await run({ confirm })

    expect(exitCode).toBe(1)
    expect(lines.join('\n')).toContain('it changed in this moment')
    expect(readFileSync(desktop, 'utf8')).toBe('{"theirs":1}')
    expect(filesBeside(desktop).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('where there can be no such file', async () => {
    writeFileSync(join(home, '.config'), 'not a directory')
    expect(await run({ yes: true })).toEqual({
      lines: [`${desktop} cannot be read. Nothing was changed; mend the file first.`],
      exitCode: 1,
    })
  })

  it('when there can be no backup', async () => {
    given(desktop, '{}')
    given(`${desktop}.backup-20261121T101112013Z`, 'kept')
    const { lines, exitCode } = await run({ yes: true })

    expect(exitCode).toBe(1)
    expect(lines[0]).toContain(`${desktop} could not be written: EEXIST`)
    expect(readFileSync(desktop, 'utf8')).toBe('{}')
  })
})

describe('a yes', () => {
  it('is asked for with the plan in view', async () => {
    const plans: (readonly string[])[] = []
    const confirm = async (plan: readonly string[]) => plans.push(plan) > 0
    const { lines } = await run({ confirm })

    expect(lines).toEqual(['Done.', 'Restart Claude Desktop to use it.'])
    expect(plans[0]?.[0]).toBe(`Adds coffer to Claude Desktop, in ${desktop}:`)
    expect(serverOf(desktop)).toMatchObject({ args: [script] })
  })
})

describe('uninstall', () => {
  it('takes out our entry alone', async () => {
    const before = '{"mcpServers":{"other":{"command":"x"}},"a":1}'
    given(desktop, before)
    await run({ yes: true })
    const { lines, exitCode } = await run({
      yes: true,
      uninstall: true,
      now: new Date('2026-11-21T10:12:00Z'),
    })

    expect(exitCode).toBe(0)
    expect(readFileSync(desktop, 'utf8')).toBe(before)
    expect(lines.at(-1)).toBe('Your bank connections and data stay where they are.')
  })

  it('says that keys in the keychain stay', async () => {
    await run({ yes: true })
    const { lines } = await run({ yes: true, uninstall: true, keysInKeychain: true, now: new Date(0) })
    expect(lines.at(-1)).toContain('the Plaid keys in the keychain stay; coffer-mcp erase')
  })

  it('has nothing to do where we are not', async () => {
    expect(await run({ yes: true, uninstall: true })).toEqual({
      lines: [`Coffer is not in Claude Desktop (${desktop}).`],
      exitCode: 0,
    })
    expect(existsSync(desktop)).toBe(false)
  })
})

describe('Claude Code', () => {
  it('has us among the servers of the user', async () => {
    const path = join(home, '.claude.json')
    given(path, '{\n  "numStartups": 3,\n  "projects": { "/p": { "mcpServers": { "coffer": {} } } }\n}')
    const { lines } = await run({ client: 'claude-code', yes: true })

    expect(serverOf(path)).toMatchObject({ args: [script] })
    expect(configOf(path)).toMatchObject({
      numStartups: 3,
      projects: { '/p': { mcpServers: { coffer: {} } } },
    })
    expect(lines.at(-1)).toBe('Start a new claude to use it.')
  })
})

function run(options: Partial<InstallOptions>) {
  return runInstall({
    client: 'claude-desktop',
    uninstall: false,
    dryRun: false,
    yes: false,
    demo: false,
    withKeys: false,
    keysInKeychain: false,
    home,
    env: {},
    platform: 'linux',
    execPath: process.execPath,
    script,
    now: new Date('2026-11-21T10:11:12.013Z'),
    ...options,
  })
}

function given(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

function configOf(path: string): { mcpServers: Record<string, unknown> } {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function serverOf(path: string): unknown {
  return configOf(path).mcpServers.coffer
}

function filesBeside(path: string): string[] {
  return readdirSync(dirname(path))
}
