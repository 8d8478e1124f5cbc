import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog, redact } from '../src/log.ts'

let home: string
let file: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-test-'))
  file = join(home, 'coffer.log')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function lines(): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line))
}

const uuid = '01234567-89ab-cdef-0123-456789abcdef'

describe('redaction', () => {
  it.each([
    `access-sandbox-${uuid}`,
    `access-production-${uuid}`,
    `public-sandbox-${uuid}`,
    `link-production-${uuid}`,
    `processor-sandbox-${uuid}`,
    `ACCESS-SANDBOX-${uuid}`,
    `v1.k1.${'A'.repeat(60)}.${'b-_'.repeat(20)}`,
    'deadbeef'.repeat(4),
    'a'.repeat(24),
    `secure.plaid.com/hl/${'ab12'.repeat(8)}`,
    'Bearer abc.DEF-123_~+/x==',
    'eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjE3MDB9.c2lnbmF0dXJl',
    'eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjE3MDB9.',
    '900123456789',
    '12345678',
    '4111 1111 1111 1111',
    'DE89370400440532013000',
    'secret=hunter2',
    'client_id: abc',
  ])('blanks %s out wherever it stands', (secret) => {
    expect(redact(secret)).toBe('[secret]')
    expect(redact(`before "${secret}", after`)).toBe('before "[secret]", after')
    expect(redact(`{"token":"${secret}"} ${secret}`)).not.toContain(secret)
    expect(redact(`${secret} ${secret}`)).toBe('[secret] [secret]')
  })

  it.each([
    'ITEM_LOGIN_REQUIRED',
    'nVRqd3mKWBiPqzJEkjgdH4v7EBlNQPi4R6LDz',
    'HNTDNrA8F1shFEW',
    uuid,
    '/transactions/get',
    'v1.2.3',
    'access denied in sandbox-mode',
    'link_token cannot be used',
    '2026-11-30T07:51:10.500Z',
    '1234567',
    '/home/ana/coffer-20261130.log',
  ])('leaves %s', (text) => {
    expect(redact(text)).toBe(text)
  })
})

describe('a log', () => {
  it('writes structured lines from its level up, to a file that only its owner reads', async () => {
    const log = await createLog({ logLevel: 'warn', logFile: file })
    log.error('one.broke', { id: 'a1', times: 2, worked: false, nothing: null })
    log.warn('two.odd')
    log.info('three.fine')
    log.debug('four.detail')
    expect(lines()).toMatchObject([
      { msg: 'one.broke', id: 'a1', times: 2, worked: false, nothing: null, pid: process.pid },
      { msg: 'two.odd' },
    ])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('goes on at the end of a file that is there', async () => {
    for (const event of ['one', 'two']) (await createLog({ logLevel: 'info', logFile: file })).info(event)
    expect(lines().map(({ msg }) => msg)).toEqual(['one', 'two'])
  })

  it('keeps no token, though one was handed to it by mistake', async () => {
    const log = await createLog({ logLevel: 'debug', logFile: file })
    log.debug('oops', { text: `failed for access-sandbox-${uuid}` })
    expect(lines()[0]?.text).toBe('failed for [secret]')
  })

  it('that is silent writes nothing anywhere', async () => {
    const log = await createLog({ logLevel: 'silent', logFile: file })
    log.error('one.broke')
    expect(() => statSync(file)).toThrow('ENOENT')
  })

  it.skipIf(!existsSync('/dev/full'))('on a full disk loses its lines, and nothing else', async () => {
    const log = await createLog({ logLevel: 'info', logFile: '/dev/full' })
    for (const times of [1, 2, 3]) log.info('is.lost', { times })
    // The failure comes as an event; nobody listening to it would end the process.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(() => log.error('is.lost too')).not.toThrow()
  })

  it('whose file cannot be written is refused with the name of the setting', async () => {
    await expect(
      createLog({ logLevel: 'info', logFile: join(home, 'no', 'such', 'place') }),
    ).rejects.toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('COFFER_LOG_FILE cannot be written'),
    })
  })
})

describe('in a process of its own', () => {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    const { createLog } = await import(${JSON.stringify(join(import.meta.dirname, '../src/log.ts'))})
    const log = await createLog({ logLevel: process.argv[1], logFile: null })
    log.error('something.broke')
    process.stdout.write(JSON.stringify(loaded.filter((url) => url.includes('pino'))))
  `
  const run = (level: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program, level], { encoding: 'utf8' })

  it('silence costs nothing: no logger is loaded', () => {
    expect(run('silent')).toMatchObject({ stdout: '[]', stderr: '' })
  })

  it('lines go to stderr, since stdout belongs to the protocol', () => {
    const { stdout, stderr } = run('error')
    expect(stdout).toContain('pino')
    expect(JSON.parse(stderr)).toMatchObject({ msg: 'something.broke' })
    expect(stdout).not.toContain('something.broke')
  })
})
