import type { KeyChoice } from '../config.ts'
import type { KeyRecord } from '../model.ts'
import type { Secret } from '../secret.ts'
import { fileSource, notedFile } from './file-source.ts'
import type { KeySource } from './key-source.ts'
import type { Keychain } from './keychain.ts'
import { keychainSource } from './keychain-source.ts'
import { sourceOf } from './keys.ts'
import { passphraseSource } from './passphrase-source.ts'

export interface SourceDeps {
  readonly key: KeyChoice
  /** Opens what was sealed with it, also where `key` says something else. */
  readonly passphrase?: Secret | null
  readonly databaseId: string
  readonly keychain: Keychain
  readonly platform?: NodeJS.Platform
}

/** Where keys are made, and where the active one has to be. */
export function sourceFor({ key, databaseId, keychain, platform = process.platform }: SourceDeps): KeySource {
  if (key.source === 'keychain') return keychainSource(keychain, databaseId)
  if (key.source === 'env') return passphraseSource(key.passphrase)
  return fileSource(key.path, platform)
}

/** Where a key can be that was made before COFFER_KEY said what it says now: in turn. */
export function sourcesOf({ keyId, kdf }: KeyRecord, deps: SourceDeps): readonly KeySource[] {
  const { key, passphrase = null } = deps
  switch (sourceOf(keyId)) {
    case 'keychain':
      return [sourceFor({ ...deps, key: { source: 'keychain' } })]
    case 'env':
      if (key.source === 'env') return [sourceFor(deps)]
      return passphrase === null ? [] : [passphraseSource(passphrase)]
    case 'file': {
      const path = notedFile(kdf)
      const noted = path === null ? [] : [sourceFor({ ...deps, key: { source: 'file', path } })]
      return key.source === 'file' ? [sourceFor(deps), ...noted] : noted
    }
    case null:
      return []
  }
}
