import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, clients, configPathOf, type Machine } from '../../../src/cli/client-config.ts'
import { openConfigFile } from '../../../src/cli/config-file.ts'
import { clientsOf } from '../../../src/cli/doctor/clients.ts'
import { leftSecrets } from '../../../src/cli/doctor/left-secrets.ts'
import { runInstall } from '../../../src/cli/install.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-left-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const secret = 'do-not-show-this'

/** The settings of a client as a person has them: servers of others, and Coffer with its keys in plain text. */
function withKeys(client: Client, machine: Machine): string {
  const path = configPathOf(client, machine)
  mkdirSync(dirname(path), { recursive: true })
  const coffer = { command: process.execPath, args: [], env: { PLAID_CLIENT_ID: 'id', PLAID_SECRET: secret } }
  writeFileSync(path, JSON.stringify({ mcpServers: { other: { command: 'other' }, coffer } }))
  return path
}

const install = (client: Client, machine: Machine) =>
  runInstall({
    ...machine,
    client,
    uninstall: false,
    dryRun: false,
    yes: true,
    demo: false,
    withKeys: false,
    keysInKeychain: true,
    execPath: process.execPath,
    script: process.argv[1] ?? '',
    now: new Date('2026-11-30T12:00:00Z'),
  })

const faults = (machine: Machine) =>
  clientsOf(machine, { script: process.argv[1] ?? '', config: null }).filter(({ ok }) => !ok)

describe.each(['linux', 'darwin'] as const)('on %s', (platform) => {
  it.each(clients)('a backup of %s with keys is named, with the command that deletes it', async (client) => {
    const machine: Machine = { home, env: {}, platform }
    const path = withKeys(client, machine)
    expect(faults(machine)).toEqual([])
    await install(client, machine)
    expect(readFileSync(path, 'utf8')).not.toContain(secret)

    const backup = `${path}.backup-20261130T120000000Z`
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    const found = faults(machine)
    expect(found).toMatchObject([
      {
        check: expect.stringMatching(/, backup$/),
        says: `${backup} holds PLAID_CLIENT_ID, PLAID_SECRET in plain text`,
        fix: expect.stringContaining(`rm '${backup}'`),
      },
    ])
    expect(JSON.stringify(found)).not.toContain(secret)
    rmSync(backup)
    expect(faults(machine)).toEqual([])
  })
})

it('on Windows is deleted by the command of Windows', async () => {
  const here: Machine = { home, env: {}, platform: 'linux' }
  const path = withKeys('claude-code', here)
  await install('claude-code', here)
  // Its own paths cannot be made here: configPathOf has tests for them.
  const file = openConfigFile(path)
  const host = { client: 'claude-code', file, isInstalled: true, entry: undefined } as const
  expect(leftSecrets(host, { ...here, platform: 'win32' })).toMatchObject([
    { ok: false, fix: expect.stringContaining(`del "${path}.backup-`) },
  ])
})

it('a backup without a secret, or one that is no JSON, is nothing to speak of', () => {
  const machine: Machine = { home, env: {}, platform: 'linux' }
  const path = withKeys('claude-desktop', machine)
  writeFileSync(`${path}.backup-1`, '{"mcpServers":{"coffer":{"command":"x","args":[]}}}')
  writeFileSync(`${path}.backup-2`, 'no JSON')
  expect(faults(machine)).toEqual([])
})
