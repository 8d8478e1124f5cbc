import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askForSealing, byEnvironment, keepOrAsk } from '../../../src/cli/setup/keep.ts'
import { overruled } from '../../../src/cli/setup/overruled.ts'
import { askForKeys, type TryKeys } from '../../../src/cli/setup/plaid-keys.ts'
import { changeSettings } from '../../../src/cli/setup/settings-file.ts'
import { CofferError } from '../../../src/errors.ts'
import { Secret } from '../../../src/secret.ts'
import { scripted } from './scripted.ts'

const keysOf = (secret: string) => ({ clientId: 'made-up-client-id', secret: new Secret(secret) })

/** A Plaid that knows one secret for each environment. */
const plaid: TryKeys = async ({ secret }, environment) => {
  const fits = ({ s: 'sandbox', p: 'production' } as const)[secret.open()] ?? null
  return { ok: fits === environment, fits }
}
const away: TryKeys = () => Promise.reject(new CofferError('PLAID_UNREACHABLE', 'Plaid cannot be reached.'))

describe('the keys', () => {
  it('that are set already are tested too, and may be kept', async () => {
    const { dialogue, told, isOver } = scripted(['Plaid keys', 'keep'])
    const present = keysOf('s')
    const found = await askForKeys({ dialogue, tryKeys: plaid, environment: 'sandbox', present })
    expect([found.keys, found.environment, isOver()]).toEqual([present, 'sandbox', true])
    expect(told()).toContain('Plaid takes these keys in sandbox.')
  })

  it('of the other environment are said to be, and that one can be set up instead', async () => {
    const { dialogue, told, isOver } = scripted(
      ['client_id', 'made-up-client-id'],
      ['Secret of sandbox', 'p'],
      ['Set production up', true],
    )
    const asking = { dialogue, tryKeys: plaid, environment: 'sandbox', present: null } as const
    expect(await askForKeys(asking)).toMatchObject({ environment: 'production' })
    expect(told()).toContain('This is the secret of production, not of sandbox.')
    expect(isOver()).toBe(true)
  })

  it('are asked for again when they are refused, or of the wrong environment', async () => {
    const { dialogue, told, isOver } = scripted(
      ['client_id', 'made-up-client-id'],
      ['Secret of production', 'wrong'],
      ['client_id', 'made-up-client-id'],
      ['Secret of production', 's'],
      ['Set sandbox up', false],
      ['client_id', ''],
      ['client_id', 'made-up-client-id'],
      ['Secret of production', 'p'],
    )
    const asking = { dialogue, tryKeys: plaid, environment: 'production', present: null } as const
    expect((await askForKeys(asking)).keys.secret.open()).toBe('p')
    expect(told()).toContain('Plaid refused the client id or the secret in production.')
    expect(told()).toContain('It is empty.')
    expect(isOver()).toBe(true)
  })

  it('need no test where Plaid cannot be asked and the person says so', async () => {
    const { dialogue, told, isOver } = scripted(
      ['Plaid keys', 'enter'],
      ['client_id', 'x'],
      ['Secret', 'y'],
      ['The keys could not', 'again'],
      ['The keys could not', 'enter'],
      ['client_id', 'x'],
      ['Secret', 'z'],
      ['The keys could not', 'untested'],
    )
    const present = keysOf('a')
    const { keys } = await askForKeys({ dialogue, tryKeys: away, environment: 'sandbox', present })
    expect([keys.secret.open(), isOver()]).toEqual(['z', true])
    expect(told()).toContain('Plaid cannot be reached.')
  })

  it('are never told', async () => {
    const secret = 'a-secret-of-many-letters'
    const { dialogue, told } = scripted(['client_id', 'x'], ['Secret', secret], ['The keys', 'untested'])
    await askForKeys({ dialogue, tryKeys: away, environment: 'sandbox', present: null })
    expect(told()).not.toContain(secret)
  })
})

describe('the keychain', () => {
  const locked = new CofferError('VAULT_LOCKED', 'The keychain did not answer within 3 s.')

  it('is tried again as often as the person likes', async () => {
    let calls = 0
    const keep = async () => {
      calls += 1
      if (calls < 3) throw locked
    }
    const { dialogue, told } = scripted(
      ['Where are they to be?', 'again'],
      ['Where are they to be?', 'again'],
    )
    expect(await keepOrAsk(dialogue, keep)).toBe('keychain')
    expect(told()).toContain(
      'The keychain did not answer within 3 s. So the Plaid keys cannot be kept there.',
    )
  })

  it('is given up when the person says so, and not for another fault', async () => {
    const { dialogue } = scripted(['Where are they to be?', 'env'])
    expect(await keepOrAsk(dialogue, () => Promise.reject(locked))).toBe('env')
    const broken = new CofferError('DATABASE_DAMAGED', 'x')
    await expect(keepOrAsk(dialogue, () => Promise.reject(broken))).rejects.toBe(broken)
  })

  it('that is none leaves the sealing key without a place', async () => {
    expect(await askForSealing(scripted(['Bank tokens', 'passphrase']).dialogue)).toBeNull()
    const { dialogue, told } = scripted(['Bank tokens', 'file'], ['Path', 'keys/a'], ['Path', '/keys/a'])
    expect(await askForSealing(dialogue)).toBe('file:/keys/a')
    expect(told()).toBe('It must be an absolute path.')
  })

  it.each([
    ['linux', "export PLAID_CLIENT_ID='made-up-client-id'"],
    ['win32', 'setx PLAID_CLIENT_ID "made-up-client-id"'],
  ] as const)('that is none on %s: it is said how else to set the keys', (platform, line) => {
    const text = byEnvironment(keysOf('hidden'), platform).join('\n')
    expect(text).toContain(line)
    expect(text).not.toContain('hidden')
  })
})

describe('the settings', () => {
  function homeWith(text: string | null): string {
    const home = mkdtempSync(join(tmpdir(), 'coffer-settings-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    if (text !== null) writeFileSync(join(home, 'config.json'), text, { mode: 0o644 })
    return home
  }

  it('are a file for this user alone, with nothing else changed in it', () => {
    const home = homeWith('{ "a": 1,\n  "PLAID_ENV": "sandbox", "b": [ ] }')
    const path = changeSettings(home, { PLAID_ENV: 'production', GONE: null })
    expect(readFileSync(path, 'utf8')).toBe('{ "a": 1,\n  "PLAID_ENV": "production", "b": [ ] }')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(changeSettings(homeWith(null), { A: 'x', B: null }), 'utf8')).toBe(
      '{\n  "A": "x"\n}\n',
    )
  })

  it.each(['[]', '{', '"text"'])('are not put into %s', (text) => {
    const home = homeWith(text)
    expect(() => changeSettings(home, { A: 'x' })).toThrow(expect.objectContaining({ code: 'BAD_SETTING' }))
    expect(readFileSync(join(home, 'config.json'), 'utf8')).toBe(text)
  })

  it('are written though a run that was killed left its half-written file', () => {
    const home = homeWith(null)
    writeFileSync(join(home, `config.json.${process.pid}.tmp`), 'half')
    expect(readFileSync(changeSettings(home, { A: 'x' }), 'utf8')).toContain('"A": "x"')
  })

  it('that cannot be written say why, and what is kept already', () => {
    const home = homeWith(null)
    // A directory in the way of the half-written file.
    mkdirSync(join(home, `config.json.${process.pid}.tmp`))
    const failure = { code: 'BAD_SETTING', fix: expect.stringContaining('run coffer-mcp setup again') }
    expect(() => changeSettings(home, { A: 'x' })).toThrow(expect.objectContaining(failure))
  })

  it('that this shell sets otherwise are named', () => {
    const changes = { PLAID_ENV: 'production', COFFER_LEDGER: 'off', COFFER_PLAID_KEYS: 'keychain' }
    const env = { PLAID_ENV: 'sandbox', COFFER_LEDGER: 'off', PLAID_CLIENT_ID: 'a', PLAID_SECRET: 'hidden' }
    const lines = overruled({ env, changes, place: 'keychain' })
    expect(lines).toEqual([
      'PLAID_ENV=sandbox is set in this shell, and wins: unset it there.',
      'PLAID_CLIENT_ID and PLAID_SECRET are set in this shell too, and win there: unset them.',
    ])
    expect(overruled({ env, changes, place: 'env' })).toEqual(lines.slice(0, 1))
    expect(overruled({ env: { PLAID_ENV: ' ' }, changes, place: 'keychain' })).toEqual([])
  })
})
