import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { settings } from '../../src/settings.ts'
import { openStore } from '../../src/store/index.ts'
import { connection } from '../store/rows.ts'
import { connectBank, household, startCopy } from '../support/coffer.ts'
import { tellTheStory } from './story.ts'

const root = join(import.meta.dirname, '../..')
const manifest = z.looseObject({
  version: z.string(),
  userConfig: z.record(z.string(), z.looseObject({ sensitive: z.boolean().optional() })),
})
const servers = z.strictObject({
  mcpServers: z.strictObject({
    coffer: z.strictObject({
      command: z.literal('node'),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
})
const hooks = z.looseObject({
  hooks: z.strictObject({
    SessionStart: z.tuple([z.object({ hooks: z.tuple([z.object({ command: z.string() })]) })]),
  }),
})
let folder: string

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/pack-plugin.mjs')], { stdio: 'pipe' })
  folder = mkdtempSync(join(tmpdir(), 'coffer plugin '))
  cpSync(join(root, 'build/claude-code-plugin'), folder, { recursive: true })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the plugin of Claude Code', () => {
  it('has the version of the package, and asks for what is secret as such', () => {
    const { version, userConfig } = manifest.parse(read('.claude-plugin/plugin.json'))
    expect(version).toBe(
      z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
        .version,
    )
    const open = Object.entries(userConfig).filter(([, { sensitive }]) => sensitive !== true)
    expect(open.map(([name]) => name)).toEqual(['plaid_env'])
  })

  it('sets settings alone, each from what it asks for', () => {
    const { userConfig } = manifest.parse(read('.claude-plugin/plugin.json'))
    const { env } = servers.parse(read('.mcp.json')).mcpServers.coffer
    const known: string[] = Object.values(settings).map(({ variable }) => variable)
    expect(Object.keys(env).filter((name) => !known.includes(name))).toEqual([])
    expect(Object.values(env)).toEqual(Object.keys(userConfig).map((name) => `\${user_config.${name}}`))
  })

  it('tells the whole story from its own folder, with what was left empty not set', async () => {
    await using home = await household()
    const { args, env } = servers.parse(read('.mcp.json')).mcpServers.coffer
    // What the person left empty the host may hand over as it stands.
    const filledIn = { ...env, PLAID_CLIENT_ID: home.simulator.clientId, PLAID_SECRET: home.simulator.secret }
    const copy = await startCopy({ ...home.env, ...filledIn }, [], [], args.map(expanded))
    try {
      await tellTheStory(copy, home)
    } finally {
      await copy.close()
    }
    expect(copy.stderr()).toBe('')
  })
})

const line = 'Coffer: First Platypus Bank needs a new login. Ask "fix my banks".'
const shown = {
  systemMessage: line,
  hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: line },
}

describe('its hook at the start of a session', () => {
  it('says nothing, and makes nothing, where there is nothing', () => {
    const home = mkdtempSync(join(tmpdir(), 'coffer-hook-'))
    expect(start({ COFFER_HOME: join(home, 'data') })).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(readdirSync(home)).toEqual([])
    rmSync(home, { recursive: true })
  })

  it('says nothing while all is well, and one line once a bank needs its owner, asking nobody', async () => {
    await using home = await household()
    const copy = await home.start()
    const { item_id } = await connectBank(copy)
    expect(start(home.env)).toEqual({ status: 0, stdout: '', stderr: '' })

    home.simulator.controls.resetLogin(item_id)
    await copy.call('list_connections', { refresh: true })
    await copy.close()
    const asked = home.simulator.controls.calls().length
    // Not even the address of Plaid is one that it could reach.
    const said = start({ ...home.env, PLAID_BASE_URL: 'http://127.0.0.1:1' })
    expect(said).toEqual({
      status: 0,
      stdout: `${JSON.stringify(shown)}\n`,
      stderr: '',
    })
    expect(home.simulator.controls.calls()).toHaveLength(asked)
  })

  it('tells of production also where that is set in the plugin alone', async () => {
    const home = mkdtempSync(join(tmpdir(), 'coffer-hook-'))
    const store = await openStore({ home })
    const row = {
      environment: 'production',
      institution: 'First Platypus Bank',
      status: 'needs_reauth',
    } as const
    await store.connections.insert(connection({ ...row, newAccounts: false }), 'sealed')
    await store.close()
    expect(start({ COFFER_HOME: home }).stdout).toBe(`${JSON.stringify(shown)}\n`)
    // A person's own script is told in words, and of the environment that is set.
    expect(start({ COFFER_HOME: home, PLAID_ENV: 'production' }, ' --hook').stdout).toBe(`${line}\n`)
    expect(start({ COFFER_HOME: home }, ' --hook').stdout).toBe('')
    rmSync(home, { recursive: true })
  })

  it.each([
    [
      'a database that is none',
      (data: string) => writeFileSync(join(data, 'coffer.db'), 'not a database '.repeat(400)),
    ],
    ['settings that are none', (data: string) => writeFileSync(join(data, 'config.json'), '{')],
  ])('never fails: %s', (_what, spoil) => {
    const data = mkdtempSync(join(tmpdir(), 'coffer-hook-'))
    spoil(data)
    expect(start({ COFFER_HOME: data, PLAID_ENV: 'nowhere' })).toEqual({ status: 0, stdout: '', stderr: '' })
    rmSync(data, { recursive: true })
  })
})

/** Runs the hook as the host does, by a shell. `without`: what is left out of its command. */
function start(env: Record<string, string>, without = '') {
  const [
    {
      hooks: [{ command }],
    },
  ] = hooks.parse(read('hooks/hooks.json')).hooks.SessionStart
  const { status, stdout, stderr } = spawnSync(expanded(command.replace(without, '')), {
    shell: true,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  })
  return { status, stdout, stderr }
}

function expanded(text: string): string {
  return text.replaceAll('${CLAUDE_PLUGIN_ROOT}', folder)
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'))
}
