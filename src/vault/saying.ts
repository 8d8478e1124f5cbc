import { isCofferError } from '../errors.ts'
import { locked } from './locked.ts'

/** Turns any failure of the keychain into VAULT_LOCKED with this fix. Its own words are not passed on. */
export async function saying<T>(fix: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const known = isCofferError(error, 'VAULT_LOCKED')
    throw locked(known ? error.message : 'The keychain cannot be used: there is none, or it is locked.', fix)
  }
}
