import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { describe, expect, it } from 'vitest'
import { household } from '../support/coffer.ts'
import { keychainSession, missing } from '../vault/keychain-session.ts'
import { freshEnv, run } from './process.ts'
import { answer, atTerminal, keys, noTerminal } from './terminal.ts'

type Env = Record<string, string>

const desktopOf = ({ HOME = '' }: Env) => join(HOME, '.config', 'Claude', 'claude_desktop_config.json')

function given(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

interface Entry {
  readonly command: string
  readonly args: string[]
  readonly env?: Env
}

function entryIn(path: string): Entry {
  return JSON.parse(readFileSync(path, 'utf8')).mcpServers.coffer
}

/** Starts what the file says as the client would: without a shell, with a PATH of its own. */
async function startedBy(path: string, more: Env) {
  const { command, args, env = {} } = entryIn(path)
  const client = new Client({ name: 'test', version: '1' })
  const surroundings = { PATH: '/usr/bin:/bin', HOME: '/nowhere', ...more, ...env }
  await client.connect(new StdioClientTransport({ command, args, env: surroundings, cwd: '/' }))
  return client
}

describe.skipIf(noTerminal !== null)('install at a terminal', () => {
  it('on an empty home shows what it writes, and a client can start that', async () => {
    const env = freshEnv()
    const terminal = atTerminal(['install', 'claude-desktop'], env)
    await answer(terminal, [['Write this?', keys.enter]])
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('"command"')
    const client = await startedBy(desktopOf(env), {})
    expect((await client.listTools()).tools.length).toBeGreaterThan(10)
    await client.close()
    expect((await run(['install', 'claude-desktop', '--yes'], env)).stdout).toContain(
      'is already in Claude Desktop',
    )
  })

  it.each([
    ['a no', keys.right + keys.enter, 'Nothing was written.'],
    ['Ctrl-C', keys.interrupt, 'Nothing was written.'],
  ])('leaves the settings of others alone after %s', async (_what, typed, says) => {
    const env = freshEnv()
    const before = '{"theirs": 1, "mcpServers": {"other": {"command": "x"}}}'
    given(desktopOf(env), before)
    const terminal = atTerminal(['install', 'claude-desktop'], env)
    await answer(terminal, [['Write this?', typed]])
    expect(await terminal.ended).toBe(1)
    expect(terminal.screen()).toContain(says)
    expect(readFileSync(desktopOf(env), 'utf8')).toBe(before)
    expect(readdirSync(dirname(desktopOf(env)))).toHaveLength(1)
  })

  it('asks nothing where it could not write', async () => {
    const env = freshEnv()
    given(desktopOf(env), '{ // a comment\n}')
    const terminal = atTerminal(['install', 'claude-desktop'], env)
    expect(await terminal.ended).toBe(1)
    expect(terminal.screen()).toContain('is not valid JSON. Nothing was changed; mend the file first.')
  })
})

describe('install where HOME is empty', () => {
  it('means the home of this user, and not the directory that it was started in', async () => {
    const { stdout } = await run(['install', 'claude-code', '--dry-run'], { ...freshEnv(), HOME: '' })
    expect(stdout).toContain(join(userInfo().homedir, '.claude.json'))
  })
})

describe.skipIf(missing.length > 0)('a client that was never told a key', () => {
  it('has them from the keychain, after setup and install', async () => {
    await using house = await household()
    await using session = await keychainSession()
    const env = { ...house.env, ...session.env, COFFER_KEY: '' }
    expect(await run(['setup', '--yes'], env)).toMatchObject({ code: 0 })
    const { stdout } = await run(['install', 'claude-desktop', '--yes'], env)
    expect(stdout).toContain('The Plaid keys are in the keychain, so the file needs none.')
    expect(readFileSync(desktopOf(env), 'utf8')).not.toContain(house.simulator.secret)

    const client = await startedBy(desktopOf(env), session.env)
    const link = await client.callTool({ name: 'connect_bank', arguments: {} })
    expect(link.structuredContent).toMatchObject({ url: expect.stringContaining(house.simulator.url) })
    await client.close()
    expect(existsSync(join(house.home, 'data', 'coffer.db'))).toBe(true)
  })
})
