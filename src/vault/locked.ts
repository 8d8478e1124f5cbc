import { CofferError } from '../errors.ts'

/** The ways to have a key at all, one a line. */
export const CHOICES = [
  'Install or unlock a keychain (GNOME Keyring, KWallet, macOS Keychain, Windows Credential Manager),',
  'or set TOKEN_ENCRYPTION_KEY to a passphrase of at least 16 characters,',
  'or set COFFER_KEY=file:PATH to keep the key in a private file.',
].join('\n')

/** What is left to do when a key is lost for good. */
export const LOST = 'If it is lost, set COFFER_HOME to an empty directory and connect the banks again.'

export function locked(message: string, fix: string): CofferError {
  return new CofferError('VAULT_LOCKED', message, { fix })
}
