import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { startCopy } from '../support/coffer.ts'
import { keychainSession, missing, skipped } from '../vault/keychain-session.ts'
import { run } from './process.ts'
import { configOf, setsUp, settingsOf } from './setup/person.ts'
import { answer, atTerminal, defaultsKept, keys, noTerminal } from './terminal.ts'

const { simulator, emptyEnv, withKeys, filesWithSecret, piped } = setsUp()

describe.skipIf(missing.length > 0 || noTerminal !== null)(`setup with a keychain${skipped}`, () => {
  let session: Awaited<ReturnType<typeof keychainSession>>
  beforeAll(async () => {
    session = await keychainSession()
  })
  afterAll(() => session[Symbol.asyncDispose]())

  it('puts the keys there and nowhere else; a server finds them, but not at its start', async () => {
    const env = { ...emptyEnv(), ...session.env }
    const { code, stdout } = await piped(env)
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Settings are in ${configOf(env)}.\nThe Plaid keys are in the keychain.\n`,
    })
    expect(settingsOf(env).COFFER_PLAID_KEYS).toBe('keychain')
    expect(filesWithSecret(env)).toEqual([])

    const copy = await startCopy(env)
    expect(await copy.call('connect_bank')).toMatchObject({ url: expect.stringContaining(simulator().url) })
    await copy.close()

    const away = await startCopy({ ...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' })
    expect((await away.client.listTools()).tools.length).toBeGreaterThan(0)
    expect(await away.failure('connect_bank')).toMatch(/^VAULT_LOCKED: .*PLAID_SECRET/s)
    await away.close()
  })

  it('has keys of each environment, and those of the shell win', async () => {
    const env = { ...emptyEnv(), ...session.env }
    await run(['setup', '--yes'], withKeys(env))
    const here = await run(['doctor'], env)
    expect(here.stdout).toContain('✓ Plaid keys: accepted in sandbox')
    const elsewhere = await run(['doctor', '--env', 'production'], env)
    expect(elsewhere.stdout).toContain('The keychain shows no Plaid keys for production.')
    expect(elsewhere.code).toBe(78)
    const wins = await run(['doctor'], { ...env, PLAID_CLIENT_ID: 'of-the-shell', PLAID_SECRET: 'wrong' })
    expect(wins.stdout).toContain('✗ Plaid keys: refused in sandbox')
    expect(wins.code).toBe(77)
  })

  it('finds the keys again the next time, and goes on to a bank', async () => {
    const env = { ...emptyEnv(), ...session.env, COFFER_KEY: '' }
    await run(['setup', '--yes'], withKeys(env))
    const before = readFileSync(configOf(env), 'utf8')
    const terminal = atTerminal(['setup'], env)
    await answer(terminal, [...defaultsKept, ['Connect a bank now?', keys.enter]])
    const link = /http:\/\/127\.0\.0\.1:\d+\/link\/\w+/
    await expect.poll(terminal.screen, { timeout: 15_000 }).toMatch(link)
    await finishLink(link.exec(terminal.screen())?.[0] ?? '', 'success', {
      institutionId: 'ins_109508',
      username: 'user_good',
      password: 'pass_good',
    })
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('First Platypus Bank is connected.')
    expect(readFileSync(configOf(env), 'utf8')).toBe(before)
    expect(filesWithSecret(env)).toEqual([])
  })

  it('has none left after an erase', async () => {
    const env = { ...emptyEnv(), ...session.env }
    await run(['setup', '--yes'], withKeys(env))
    const { code, stdout } = await run(['erase', '--yes'], env)
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Deleted: the Plaid keys in the keychain.'),
    })
  })
})

describe.skipIf(missing.length > 0)(`setup with a keychain that hangs${skipped}`, () => {
  it('gives up after its time limit, ends, and keeps nothing anywhere', async () => {
    await using session = await keychainSession('hung')
    const env = { ...emptyEnv(), ...session.env }
    const began = performance.now()
    const { code, stderr } = await piped(env)
    expect(code).toBe(78)
    expect(stderr).toMatch(/^VAULT_LOCKED: The keychain /)
    expect(performance.now() - began).toBeLessThan(15_000)
    expect([existsSync(configOf(env)), filesWithSecret(env)]).toEqual([false, []])
  })

  it('leaves keys of the environment where they are', async () => {
    await using session = await keychainSession('hung')
    const env = withKeys({ ...emptyEnv(), ...session.env })
    expect(await run(['setup', '--yes'], env)).toMatchObject({ code: 0 })
    expect(settingsOf(env)).not.toHaveProperty('COFFER_PLAID_KEYS')
  })
})
