import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectBank, type Household, household } from '../support/coffer.ts'

const passphrase = 'correct horse battery staple'

function linksMade({ simulator }: Household): number {
  return simulator.controls.calls().filter(({ path }) => path === '/link/token/create').length
}

describe('the key that seals bank tokens', () => {
  it('without a keychain connecting is refused with the choices, before anybody logs in', async () => {
    await using house = await household()
    // No session bus is in this environment, so there is no keychain to ask.
    const copy = await house.start({ COFFER_KEY: 'keychain' })
    const text = await copy.failure('connect_bank')
    expect(text).toMatch(/^VAULT_LOCKED: /)
    for (const choice of ['TOKEN_ENCRYPTION_KEY', 'COFFER_KEY=file:']) expect(text).toContain(choice)
    expect(linksMade(house)).toBe(0)
    const listed = await copy.call('list_connections')
    expect(listed.vault).toBe('locked')
    expect(listed.warnings.map(({ code }) => code)).toContain('VAULT_LOCKED')
  })

  it('a passphrase opens what it sealed, and another one is never put in its place', async () => {
    await using house = await household()
    const env = { COFFER_KEY: 'env', TOKEN_ENCRYPTION_KEY: passphrase }
    const first = await house.start(env)
    await connectBank(first)
    await first.call('sync_snapshot')
    await first.close()

    const wrong = await house.start({ ...env, TOKEN_ENCRYPTION_KEY: `${passphrase}!` })
    expect((await wrong.call('list_connections')).vault).toBe('locked')
    const stale = await wrong.call('sync_snapshot', { max_age_minutes: 0 })
    expect(stale.complete).toBe(false)
    expect(stale.connections).toMatchObject([{ source: 'cached', error: { code: 'VAULT_LOCKED' } }])
    expect(await wrong.failure('connect_bank')).toMatch(/^VAULT_LOCKED: /)
    expect(linksMade(house)).toBe(1)
    await wrong.close()

    const right = await house.start(env)
    expect((await right.call('sync_snapshot', { max_age_minutes: 0 })).complete).toBe(true)
  })

  it('a key file that is gone is missed, and not made anew', async () => {
    await using house = await household()
    const first = await house.start()
    await connectBank(first)
    await first.close()
    const path = join(house.home, 'test.key')
    const moved = { COFFER_KEY: `file:${path}.moved` }

    const copy = await house.start(moved)
    expect((await copy.call('list_connections')).vault).toBe('locked')
    expect(await copy.failure('connect_bank')).toMatch(/^VAULT_LOCKED: /)
    expect(existsSync(`${path}.moved`)).toBe(false)
    await copy.close()

    writeFileSync(`${path}.moved`, readFileSync(path), { mode: 0o600 })
    const back = await house.start(moved)
    expect((await back.call('list_connections')).vault).toBe('ok')
    expect((await back.call('sync_snapshot', { max_age_minutes: 0 })).complete).toBe(true)
  })

  it('a key file that others can read is refused', async () => {
    await using house = await household()
    const path = join(house.home, 'open.key')
    writeFileSync(path, 'x'.repeat(64), { mode: 0o644 })
    const copy = await house.start({ COFFER_KEY: `file:${path}` })
    expect(await copy.failure('connect_bank')).toMatch(/^(HOME_NOT_PRIVATE|VAULT_LOCKED): /)
    expect(linksMade(house)).toBe(0)
  })
})
