import {
  chmodSync,
  existsSync,
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
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import { newWorld, place, vaultIn, type World } from './rig.ts'

const token = new Secret('token-for-tests-only')
let directory: string
let path: string
let world: World

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'coffer-key-'))
  path = join(directory, 'coffer.key')
  world = newWorld()
})

afterEach(() => rmSync(directory, { recursive: true }))

const vaultOver = (file = path) => vaultIn(world, { key: { source: 'file', path: file } })
const modeOf = (file: string) => statSync(file).mode & 0o777

describe('a key in a file', () => {
  it('is made at the first use, not by looking', async () => {
    expect(await vaultOver().state()).toEqual({ state: 'ok', source: 'file', keyId: null })
    expect(existsSync(path)).toBe(false)
    await vaultOver().prepare()
    expect(readFileSync(path, 'utf8')).toMatch(/^coffer-key-v1\.[\w-]{43}\n$/)
    expect(readdirSync(directory)).toEqual(['coffer.key'])
  })

  it('opens after a restart, also from where the file was moved to', async () => {
    const sealed = await vaultOver().seal(place, token)
    const elsewhere = join(directory, 'link.key')
    symlinkSync(path, elsewhere)
    expect((await vaultOver(elsewhere).open(place, sealed)).open()).toBe(token.open())
  })

  it('is the one that its owner put there', async () => {
    const text = `coffer-key-v1.${Buffer.alloc(32, 5).toString('base64url')}`
    writeFileSync(path, text, { mode: 0o400 })
    await vaultOver().prepare()
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(world.keychain.entries.size).toBe(0)
  })

  it.each([0o000, 0o022, 0o077])('is private under umask %o', async (mask) => {
    const before = process.umask(mask)
    try {
      await vaultOver().prepare()
    } finally {
      process.umask(before)
    }
    expect(modeOf(path)).toBe(0o600)
  })

  it.each([0o640, 0o604, 0o620, 0o601])(
    'is refused with mode %o, before and after the first use',
    async (mode) => {
      await vaultOver().prepare()
      chmodSync(path, mode)
      const why = { code: 'HOME_NOT_PRIVATE', fix: `Run: chmod 600 '${path}'` }
      expect(await vaultOver().state()).toMatchObject({ state: 'locked', why })
      world = newWorld()
      await expect(vaultOver().prepare()).rejects.toMatchObject(why)
      expect(world.records).toEqual([])
    },
  )

  it('is not made again when it is missing', async () => {
    await vaultOver().prepare()
    rmSync(path)
    expect(await vaultOver().state()).toMatchObject({
      state: 'locked',
      why: { code: 'VAULT_LOCKED', fix: expect.stringContaining(path) },
    })
    await expect(vaultOver().seal(place, token)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(existsSync(path)).toBe(false)
  })

  it('is not made over sealed rows that have lost their key', async () => {
    world.sealedRows = true
    await expect(vaultOver().prepare()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(existsSync(path)).toBe(false)
  })

  it.each([
    ['is empty', ''],
    ['is cut off', `coffer-key-v1.${Buffer.alloc(31).toString('base64url')}\n`],
    ['is of a newer version', `coffer-key-v2.${Buffer.alloc(32).toString('base64url')}\n`],
    ['has two lines', `coffer-key-v1.${Buffer.alloc(32).toString('base64url')}\n\n`],
    ['is something else', 'x'.repeat(1_000_000)],
  ])('is left alone when it %s', async (_what, text) => {
    writeFileSync(path, text, { mode: 0o600 })
    await expect(vaultOver().prepare()).rejects.toThrow('is not a key file')
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('is not made in a directory that is not there', async () => {
    const nowhere = join(directory, 'unmounted', 'coffer.key')
    await expect(vaultOver(nowhere).prepare()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(readdirSync(directory)).toEqual([])
  })

  it.each([0o700, 0o755])('cannot be a directory of mode %o', async (mode) => {
    mkdirSync(path, { mode })
    expect(await vaultOver().state()).toMatchObject({ state: 'locked', why: { code: 'VAULT_LOCKED' } })
  })
})
