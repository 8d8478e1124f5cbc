import type { Keychain } from './keychain.ts'
import { CHOICES, locked } from './locked.ts'

/** Gives up after `timeoutMs`, and asks nothing more while an answer is overdue: each call holds a thread. */
export function withLimit(keychain: Keychain, timeoutMs: number): Keychain {
  let overdue = 0
  const silent = () => locked(`The keychain did not answer within ${timeoutMs / 1000} s.`, CHOICES)

  async function limited<T>(ask: () => Promise<T>): Promise<T> {
    if (overdue > 0) throw silent()
    const answer = ask()
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      overdue += 1
      const done = () => void (overdue -= 1)
      answer.then(done, done)
      late.reject(silent())
    }, timeoutMs)
    return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer))
  }

  return {
    get: (account) => limited(() => keychain.get(account)),
    set: (account, value) => limited(() => keychain.set(account, value)),
    remove: (account) => limited(() => keychain.remove(account)),
  }
}
