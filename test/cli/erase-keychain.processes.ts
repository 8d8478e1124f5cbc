import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { connectBank, startCopy } from '../support/coffer.ts'
import { itemsIn, plantItem } from '../vault/keychain-items.ts'
import { keychainSession, missing, skipped } from '../vault/keychain-session.ts'
import { run } from './process.ts'
import { dataOf, type Env, setsUp } from './setup/person.ts'

// Each starts several processes, which a busy machine makes slow.
vi.setConfig({ testTimeout: 90_000 })

const { emptyEnv, piped } = setsUp()

describe.skipIf(missing.length > 0)(`erase with a real keychain${skipped}`, () => {
  /** A data directory with the Plaid keys and its own key in the keychain, and a bank. */
  async function setUp(sessionEnv: Env): Promise<{ env: Env; id: string }> {
    const env = { ...emptyEnv(), ...sessionEnv, COFFER_KEY: 'keychain' }
    expect(await piped(env)).toMatchObject({ code: 0 })
    const copy = await startCopy(env)
    await connectBank(copy)
    await copy.close()
    return { env, id: readFileSync(join(dataOf(env), 'database.id'), 'utf8').trim() }
  }

  it('takes out all that this data directory has put in, and nothing of anybody else', async () => {
    await using session = await keychainSession()
    const { env, id } = await setUp(session.env)
    const other = await setUp(session.env)
    expect(await run(['keys', 'rotate'], env)).toMatchObject({ code: 0 })
    plantItem(session.env, 'coffer-mcp', `${id}/plaid-production`)
    for (const [service, username] of [
      ['mail', 'me'],
      ['mail', `${id}/plaid-sandbox`],
      ['coffer-mcp', 'me'],
      ['coffer-mcp', `${id}/of-another-kind`],
    ] as const)
      plantItem(session.env, service, username)
    const before = itemsIn(session.env)
    const isOurs = (item: string) =>
      item.startsWith(`coffer-mcp ${id}/`) && !item.endsWith('/of-another-kind')
    // A key, the one before it, and the Plaid keys of each environment.
    expect(before.filter(isOurs)).toHaveLength(4)
    expect(before.filter((item) => item.includes(other.id))).toHaveLength(2)

    const { code, stdout } = await run(['erase', '--yes'], env)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Deleted: the key ') })
    expect(itemsIn(session.env)).toEqual(before.filter((item) => !isOurs(item)))
    expect(await run(['list', '--refresh'], other.env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/First Platypus Bank.*active/),
    })
  })
})
