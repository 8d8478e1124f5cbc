import { describe, expect, it } from 'vitest'
import { configPathOf, openSettings, problemOf, secretSettings } from '../../src/cli/client-config.ts'
import { settings } from '../../src/settings.ts'

describe('configPathOf', () => {
  it.each([
    ['claude-desktop', 'darwin', {}, '/u/Library/Application Support/Claude/claude_desktop_config.json'],
    ['claude-desktop', 'linux', {}, '/u/.config/Claude/claude_desktop_config.json'],
    ['claude-desktop', 'linux', { XDG_CONFIG_HOME: '/x' }, '/x/Claude/claude_desktop_config.json'],
    ['claude-desktop', 'win32', { APPDATA: 'C:\\A' }, 'C:\\A\\Claude\\claude_desktop_config.json'],
    ['claude-desktop', 'win32', {}, '\\u\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
    ['claude-code', 'darwin', {}, '/u/.claude.json'],
    ['claude-code', 'linux', { CLAUDE_CONFIG_DIR: '/c' }, '/c/.claude.json'],
    ['claude-code', 'win32', {}, '\\u\\.claude.json'],
    ['claude-desktop', 'linux', { XDG_CONFIG_HOME: '' }, '/u/.config/Claude/claude_desktop_config.json'],
    [
      'claude-desktop',
      'win32',
      { APPDATA: '', LOCALAPPDATA: '' },
      '\\u\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    ],
    ['claude-code', 'linux', { CLAUDE_CONFIG_DIR: '' }, '/u/.claude.json'],
  ] as const)('%s on %s with %j', (client, platform, env, path) => {
    expect(configPathOf(client, { home: '/u', env, platform })).toBe(path)
  })
})

describe('Claude Desktop on Windows', () => {
  const packaged = 'C:\\L\\Packages\\Claude_pzs8\\LocalCache\\Roaming'
  const on = (folders: Record<string, string[]>) =>
    configPathOf('claude-desktop', {
      home: 'C:\\u',
      env: { APPDATA: 'C:\\A', LOCALAPPDATA: 'C:\\L' },
      platform: 'win32',
      namesIn: (folder) => folders[folder] ?? [],
    })

  it('is a package as a rule, and reads the folder of that alone', () => {
    const packages = {
      'C:\\L\\Packages': ['Microsoft.X', 'Claude_old', 'Claude_pzs8'],
      [packaged]: ['Claude'],
    }
    expect(on(packages)).toBe(`${packaged}\\Claude\\claude_desktop_config.json`)
  })

  it('reads the usual one where there is no package, or one that was never run', () => {
    for (const folders of [{}, { 'C:\\L\\Packages': ['Claude_pzs8'] }, { [packaged]: ['Claude'] }])
      expect(on(folders)).toBe('C:\\A\\Claude\\claude_desktop_config.json')
  })
})

describe('settings', () => {
  const env = Object.fromEntries(Object.values(settings).map(({ variable }) => [variable, 'x']))

  it('each is either open or secret', () => {
    const both = [...Object.keys(openSettings(env)), ...Object.keys(secretSettings(env))]
    expect(both.toSorted()).toEqual(Object.keys(env).toSorted())
  })

  it("the secret ones are the keys, the passphrase and the relay's secret", () => {
    expect(Object.keys(secretSettings(env))).toEqual([
      'PLAID_CLIENT_ID',
      'PLAID_SECRET',
      'TOKEN_ENCRYPTION_KEY',
      'PLAID_WEBHOOK_FORWARD_SHARED_SECRET',
    ])
  })

  it('what is empty is not set', () => {
    expect(openSettings({ PLAID_ENV: '', COFFER_KEY: '  ' })).toEqual({})
  })
})

describe('problemOf', () => {
  it.each(['{}', '\uFEFF{}', '{"mcpServers":{}}', '{"mcpServers":{"coffer":null}}'])('%j: none', (text) => {
    expect(problemOf(text)).toBeNull()
  })

  it.each(['', '{', 'null', '"{}"', '3', '[]', '{"mcpServers":null}', '{"mcpServers":"x"}'])(
    '%j: some',
    (text) => {
      expect(problemOf(text)).not.toBeNull()
    },
  )
})
