import { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import type { PlaidKeys } from '../plaid-keys.ts'
import { Secret } from '../secret.ts'
import type { Keychain } from './keychain.ts'
import { locked } from './locked.ts'
import { once } from './once.ts'
import { saying } from './saying.ts'

/** The household's keys for Plaid in the keychain, those of each environment by themselves. Everything rejects with VAULT_LOCKED. */
export interface KeptKeys {
  /** Read once, then from memory. Rejects with NOT_CONFIGURED when none are to be seen. */
  read(environment: Environment): Promise<PlaidKeys>
  /** Read back before it returns. */
  keep(environment: Environment, keys: PlaidKeys): Promise<void>
  /** The next reading asks the keychain again: `setup` may have put others there. */
  readAnew(): void
  /** Takes those of every environment out; which those were. */
  remove(): Promise<readonly Environment[]>
}

const UNSEEN = `Unlock the keychain of the user who ran coffer-mcp setup, or set PLAID_CLIENT_ID and PLAID_SECRET in the environment.`
const environments = ['sandbox', 'production'] as const

export function createKeptKeys(keychain: Keychain, databaseId: string): KeptKeys {
  const accountOf = (environment: Environment) => `${databaseId}/plaid-${environment}`
  const look = async (environment: Environment) => keysIn(await textOf(environment))
  let read = once(String, look)

  function textOf(environment: Environment): Promise<string | null> {
    return saying(UNSEEN, keychain.get(accountOf(environment)))
  }

  function keysIn(text: string | null): PlaidKeys | null {
    if (text === null) return null
    const keys = parsed(text)
    if (keys === null)
      throw locked('What the keychain holds are no Plaid keys.', 'Run coffer-mcp setup again.')
    return keys
  }

  const kept: KeptKeys = {
    async read(environment) {
      const keys = await read(environment)
      if (keys !== null) return keys
      kept.readAnew()
      throw noneFor(environment)
    },
    async keep(environment, { clientId, secret }) {
      const text = JSON.stringify({ client_id: clientId, secret: secret.open() })
      await saying(UNSEEN, keychain.set(accountOf(environment), text))
      if ((await textOf(environment)) !== text) throw locked('The keychain did not keep the keys.', UNSEEN)
      kept.readAnew()
    },
    readAnew() {
      read = once(String, look)
    },
    async remove() {
      kept.readAnew()
      const removed: Environment[] = []
      for (const environment of environments) {
        if ((await textOf(environment)) === null) continue
        await saying(UNSEEN, keychain.remove(accountOf(environment)))
        removed.push(environment)
      }
      return removed
    },
  }
  return kept
}

function parsed(text: string): PlaidKeys | null {
  try {
    const { client_id: clientId, secret } = JSON.parse(text)
    if (typeof clientId === 'string' && typeof secret === 'string')
      return { clientId, secret: new Secret(secret) }
  } catch {
    // Said by whoever asked, in one way for all that are no keys.
  }
  return null
}

/** A locked keychain may say the same as an empty one. */
function noneFor(environment: Environment): CofferError {
  return new CofferError('NOT_CONFIGURED', `The keychain shows no Plaid keys for ${environment}.`, {
    fix: `Unlock it if it is locked; else run coffer-mcp setup for ${environment}.`,
  })
}
