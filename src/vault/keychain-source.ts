import { randomBytes } from 'node:crypto'
import type { KeySource } from './key-source.ts'
import { fromKeyText, toKeyText } from './key-text.ts'
import type { Keychain } from './keychain.ts'
import { CHOICES, LOST, locked } from './locked.ts'
import { saying } from './saying.ts'

const CURE = `Unlock the keychain of the user who set this data directory up. ${LOST}`

/** A random key in the keychain of the operating system, under the database's id and the key's. */
export function keychainSource(keychain: Keychain, databaseId: string): KeySource {
  const accountOf = (keyId: string) => `${databaseId}/${keyId}`

  async function store(account: string, text: string): Promise<void> {
    await keychain.set(account, text)
    if ((await keychain.get(account)) !== text) throw locked('The keychain did not keep the key.', CHOICES)
  }

  return {
    name: 'keychain',
    cure: CURE,
    // A locked keychain may say the same as an empty one; only `make` finds out.
    probe: async () => void (await saying(CHOICES, keychain.get(accountOf('probe')))),
    async make(keyId) {
      const key = randomBytes(32)
      await saying(CHOICES, store(accountOf(keyId), toKeyText(key)))
      return { key, kdf: null }
    },
    async load({ keyId }) {
      const text = await saying(CURE, keychain.get(accountOf(keyId)))
      if (text === null) return null
      const key = fromKeyText(text)
      if (key === null) throw locked('What the keychain holds is not a key.', CURE)
      return key
    },
    async forget({ keyId }) {
      const account = accountOf(keyId)
      if ((await saying(CURE, keychain.get(account))) === null) return 'absent'
      await saying(CURE, keychain.remove(account))
      return 'deleted'
    },
  }
}
