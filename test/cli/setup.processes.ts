import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from './process.ts'
import { configOf, dataOf, type Env, setsUp, settingsOf, writeSettings } from './setup/person.ts'
import { answer, atTerminal, defaultsKept, keys, noTerminal } from './terminal.ts'

const { simulator, emptyEnv, withKeys, filesWithSecret, piped } = setsUp()

describe('setup without a person', () => {
  it.each([
    ['without --yes', [], 'Nobody can be asked here'],
    ['without keys', ['--yes'], 'No Plaid keys are given'],
    ['of the demo', ['--demo', '--yes'], 'The demo needs no keys'],
    [
      'with webhooks and without',
      ['--yes', '--polling', '--webhook-url', 'https://a.example/plaid/webhook'],
      '--polling takes away what --webhook-url sets',
    ],
  ])('%s says what to pass, and writes nothing', async (_what, args, says) => {
    const env = emptyEnv()
    const { code, stderr } = await run(['setup', ...args], env)
    expect(code).toBe(2)
    expect(stderr).toContain(says)
    expect(existsSync(dataOf(env))).toBe(false)
  })

  it.each([
    [
      'refuses',
      () => ({ PLAID_SECRET: 'wrong' }),
      77,
      'Plaid refused the client id or the secret in sandbox.',
    ],
    ['cannot be asked about', () => ({ PLAID_BASE_URL: 'http://127.0.0.1:1' }), 69, 'PLAID_UNREACHABLE'],
  ])('keeps nothing that Plaid %s', async (_what, more, exit, says) => {
    const env = { ...withKeys(emptyEnv()), ...more() }
    const { code, stderr } = await run(['setup', '--yes'], env)
    expect(code).toBe(exit)
    expect(stderr).toContain(says)
    expect(existsSync(dataOf(env))).toBe(false)
  })

  it.each([
    [
      'a directory that others can use',
      (env: Env) => mkdirSync(dataOf(env), { mode: 0o755 }),
      1,
      'chmod 700',
    ],
    ['a file in its place', (env: Env) => writeFileSync(dataOf(env), 'theirs'), 78, 'is not a directory'],
    ['settings that are no JSON', (env: Env) => writeSettings(env, '{'), 78, 'config.json is not valid JSON'],
    ['settings of no use', (env: Env) => writeSettings(env, '{"PLAID_ENV":"x"}'), 78, 'PLAID_ENV=sandbox'],
  ])('says what is wrong with %s, before anything else', async (_what, breakIt, exit, says) => {
    const env = withKeys(emptyEnv())
    breakIt(env)
    const { code, stderr } = await run(['setup', '--yes'], env)
    expect(code).toBe(exit)
    expect(stderr).toContain(says)
    expect(filesWithSecret(env)).toEqual([])
  })

  it('without a keychain leaves the keys to the environment, and says how', async () => {
    const env = withKeys(emptyEnv())
    const { code, stdout } = await run(['setup', '--yes', '--ledger', 'on', '--check-minutes', '30'], env)
    expect(code).toBe(0)
    expect(stdout).toContain(`export PLAID_CLIENT_ID='${simulator().clientId}'`)
    expect(stdout).not.toContain(simulator().secret)
    expect(stdout).not.toContain('No bank can be connected')
    expect(settingsOf(env)).toEqual({
      PLAID_ENV: 'sandbox',
      PLAID_PRODUCTS: 'transactions,investments,liabilities',
      COFFER_LEDGER: 'on',
      COFFER_CHECK_MINUTES: '30',
    })
    expect(statSync(configOf(env)).mode & 0o777).toBe(0o600)
    expect(filesWithSecret(env)).toEqual([])
  })

  it('says that no bank can be connected while the sealing key has no place, and what gives it one', async () => {
    const { HOME, ...empty } = emptyEnv()
    const env = { ...withKeys({ ...empty, HOME }), COFFER_KEY: '' }
    const { code, stdout } = await run(['setup', '--yes'], env)
    expect(code).toBe(0)
    expect(stdout).toContain('No bank can be connected yet')
    expect(stdout).toContain("  export TOKEN_ENCRYPTION_KEY='(at least 16 characters)'\n")
    expect(stdout).toContain('coffer-mcp setup --key file:PATH')
    const sealed = await run(['setup', '--yes', '--key', `file:${HOME}/a.key`], env)
    expect(sealed.stdout).not.toContain('No bank can be connected')
  })

  it('does not give up the keychain because it cannot be reached now', async () => {
    const env = withKeys(emptyEnv())
    writeSettings(env, '{"COFFER_PLAID_KEYS":"keychain"}')
    expect(await run(['setup', '--yes'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The keychain cannot be reached now'),
    })
    expect(settingsOf(env).COFFER_PLAID_KEYS).toBe('keychain')
    expect(await run(['setup', '--yes', '--plaid-keys', 'env'], env)).toMatchObject({ code: 0 })
    expect(settingsOf(env)).not.toHaveProperty('COFFER_PLAID_KEYS')
  })

  it('says how what it wrote elsewhere is found', async () => {
    const { HOME, ...empty } = emptyEnv()
    const env = withKeys({ ...empty, HOME })
    const other = join(HOME, 'other')
    const { stdout } = await run(['setup', '--yes', '--home', other], env)
    expect(stdout).toContain(`Set COFFER_HOME=${other} wherever coffer-mcp is started`)
    const { stdout: same } = await run(['setup', '--yes', '--home', other], { ...env, COFFER_HOME: other })
    expect(same).not.toContain('Set COFFER_HOME')
  })

  it('does not take a secret from stdin that there is no place for', async () => {
    const env = emptyEnv()
    const { code, stderr } = await piped(env)
    expect(code).toBe(78)
    expect(stderr).toMatch(/^VAULT_LOCKED: .*\n.*PLAID_SECRET/)
    expect([existsSync(configOf(env)), filesWithSecret(env)]).toEqual([false, []])
  })

  it('changes what is given, and no other byte', async () => {
    const env = withKeys(emptyEnv())
    const before =
      '{\n\t"theirs": [1,  2],\n\t"COFFER_LEDGER": "on",\n\t"PLAID_ENV": "sandbox",\n\t"PLAID_PRODUCTS": "transactions",\n\t"COFFER_WEBHOOK_URL": "https://a.example/plaid/webhook"\n}\n'
    writeSettings(env, before)
    expect(await run(['setup', '--yes'], env)).toMatchObject({ code: 0 })
    expect(readFileSync(configOf(env), 'utf8')).toBe(before)
    expect(await run(['setup', '--yes', '--polling', '--ledger', 'off'], env)).toMatchObject({ code: 0 })
    expect(readFileSync(configOf(env), 'utf8')).toBe(
      '{\n\t"theirs": [1,  2],\n\t"COFFER_LEDGER": "off",\n\t"PLAID_ENV": "sandbox",\n\t"PLAID_PRODUCTS": "transactions"\n}\n',
    )
  })

  it('says what the shell sets otherwise', async () => {
    const env = { ...withKeys(emptyEnv()), COFFER_LEDGER: 'off' }
    const { stdout } = await run(['setup', '--yes', '--ledger', 'on'], env)
    expect(stdout).toContain('COFFER_LEDGER=off is set in this shell, and wins: unset it there.')
  })
})

describe.skipIf(noTerminal !== null)('setup at a terminal', () => {
  it('asks for keys until Plaid takes them, writes settings, and offers what comes next', async () => {
    const env = { ...emptyEnv(), COFFER_KEY: '' }
    const desktop = join(env.HOME, '.config', 'Claude', 'claude_desktop_config.json')
    mkdirSync(dirname(desktop), { recursive: true })
    writeFileSync(desktop, '{"theirs": 1}')
    const terminal = atTerminal(['setup'], env)
    await answer(terminal, [
      ['Which one?', keys.enter],
      ['client_id', simulator().clientId + keys.enter],
      ['Secret of sandbox (not shown)', `wrong${keys.enter}`],
      ['client_id', keys.enter],
      ['Secret of sandbox (not shown)', simulator().secret + keys.enter],
      ['What do you agree to use', keys.enter],
      ['How is a broken login to be known?', keys.down + keys.enter],
      ['Public URL', `ftp://x${keys.enter}`],
      ['Public URL', `${keys.clear}https://a.example/plaid/webhook${keys.enter}`],
      ['Is Coffer to keep', keys.down + keys.enter],
      ['Write this?', keys.enter],
      ['Where are they to be?', keys.down + keys.enter],
      ['Bank tokens are sealed with a key', keys.down + keys.enter],
      ['Path of the key file', keys.enter],
      ['Add Coffer to Claude Desktop?', keys.enter],
      ['Write this?', keys.enter],
    ])
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('Plaid refused the client id or the secret in sandbox.')
    expect(terminal.screen()).toContain('It must be an http or https URL')
    expect(terminal.screen()).not.toContain(simulator().secret)
    expect(settingsOf(env)).toEqual({
      PLAID_ENV: 'sandbox',
      PLAID_PRODUCTS: 'transactions,investments,liabilities',
      COFFER_WEBHOOK_URL: 'https://a.example/plaid/webhook',
      COFFER_LEDGER: 'on',
      COFFER_KEY: `file:${env.HOME}/.coffer-mcp.key`,
    })
    expect(JSON.parse(readFileSync(desktop, 'utf8'))).toMatchObject({
      theirs: 1,
      mcpServers: { coffer: { command: process.execPath } },
    })
    expect(filesWithSecret(env)).toEqual([])
  })

  it('shows what is set as the default: who only presses Enter changes nothing', async () => {
    const env = withKeys(emptyEnv())
    const before =
      '{"PLAID_ENV":"sandbox","PLAID_PRODUCTS":"investments","COFFER_WEBHOOK_URL":"https://a.example/plaid/webhook","COFFER_LEDGER":"on"}'
    writeSettings(env, before)
    const terminal = atTerminal(['setup'], env)
    await answer(terminal, [
      ['Which one?', keys.enter],
      ['Plaid keys', keys.enter],
      ['What do you agree to use', keys.enter],
      ['How is a broken login to be known?', keys.enter],
      ['Public URL', keys.enter],
      ['Is Coffer to keep', keys.enter],
      ['Write this?', keys.enter],
      ['Where are they to be?', keys.down + keys.enter],
      // The keys stand in this shell and the sealing key in a file, so that one can be.
      ['Connect a bank now?', 'n'],
    ])
    expect(await terminal.ended).toBe(0)
    expect(readFileSync(configOf(env), 'utf8')).toBe(before)
  })

  it('says what is still to be set where it ends without a place for any key', async () => {
    const env = { ...withKeys(emptyEnv()), COFFER_KEY: '' }
    const terminal = atTerminal(['setup'], env)
    await answer(terminal, [
      ...defaultsKept,
      ['Where are they to be?', keys.down + keys.enter],
      ['Bank tokens are sealed with a key', keys.enter],
    ])
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain("export TOKEN_ENCRYPTION_KEY='(at least 16 characters)'")
    expect(terminal.screen()).not.toContain('Connect a bank now?')
  })

  it.each([[['--client-id', 'x']], [['--polling']], [['--secret-stdin']]])(
    'asks nothing where %j would count for nothing',
    async (args) => {
      const env = emptyEnv()
      const terminal = atTerminal(['setup', ...args], env)
      expect(await terminal.ended).toBe(2)
      expect(terminal.screen()).toContain('are for --yes')
    },
  )

  it('reads no secret that the terminal would show', async () => {
    const terminal = atTerminal(['setup', '--yes', '--client-id', 'x', '--secret-stdin'], emptyEnv())
    expect(await terminal.ended).toBe(2)
    expect(terminal.screen()).toContain('What is typed here would be shown.')
  })

  it('leaves everything as it was when it is stopped, at whatever question', async () => {
    const questions = [...defaultsKept] as const
    const stops = questions.map(async ([last], index) => {
      const env = withKeys(emptyEnv())
      const terminal = atTerminal(['setup'], env)
      await answer(terminal, [...questions.slice(0, index), [last, keys.interrupt]])
      return [
        await terminal.ended,
        existsSync(dataOf(env)),
        terminal.screen().includes('Nothing was changed'),
      ]
    })
    expect(await Promise.all(stops)).toEqual(questions.map(() => [77, false, true]))
  })
})

it.skipIf(noTerminal !== null)('setup may be stopped while Plaid does not answer', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  const env = { ...withKeys(emptyEnv()), PLAID_BASE_URL: `http://127.0.0.1:${port}` }
  const terminal = atTerminal(['setup'], env)
  await answer(terminal, [
    ['Which one?', keys.enter],
    ['Plaid keys', keys.enter],
  ])
  await expect.poll(terminal.screen, { timeout: 15_000 }).toContain('Asking Plaid')
  terminal.type(keys.interrupt)
  expect(await terminal.ended).toBe(77)
  expect(terminal.screen()).toContain('Nothing was changed')
  expect(existsSync(dataOf(env))).toBe(false)
})
