import { describe, expect, it } from 'vitest'
import { createUser, missing, type Session, type SessionOptions, type User } from './keychain-session.ts'

const skipped = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', ')} here)`
const UNUSABLE = 'The keychain cannot be used: there is none, or it is locked.'
const SILENT = 'The keychain did not answer within 3 s.'
const LOST = 'The key that the bank tokens are sealed with is missing.'

async function results(user: User, session: Session, steps: string[], options?: SessionOptions) {
  const answers = await user.logIn(session, steps, options)
  return answers.map(({ result, keys }) => `${result} (${keys} keys)`)
}

// At once, since most of the time goes into waiting for a keychain that does not answer.
describe.skipIf(missing.length > 0).concurrent(`a real keychain${skipped}`, () => {
  it('keeps the key over logins', async () => {
    using user = createUser()
    const [, sealed] = await user.logIn('unlocked', ['prepare', 'seal'])
    expect(await results(user, 'unlocked', ['state', sealed?.result ?? '', 'prepare'])).toEqual([
      'ok (1 keys)',
      'token-for-tests-only (1 keys)',
      'ok (1 keys)',
    ])
  })

  it.each<[Session, string]>([
    ['no bus', 'locked'],
    ['no service', 'locked'],
    // It shows an empty keychain; only writing to it tells.
    ['locked', 'ok'],
    ['hung', 'locked'],
  ])('%s: no key is made on an empty database', async (session, state) => {
    using user = createUser()
    const made = await results(user, session, ['state', 'prepare'])
    expect(made).toEqual([`${state} (0 keys)`, `${UNUSABLE} (0 keys)`])
  })

  it.each<[string, Session, SessionOptions, string]>([
    ['no bus', 'no bus', {}, UNUSABLE],
    ['no service', 'no service', {}, UNUSABLE],
    ['locked', 'locked', {}, UNUSABLE],
    ['wrong password', 'unlocked', { password: 'wrong' }, UNUSABLE],
    ['locked and lost', 'locked', { lost: true }, LOST],
    ['unlocked and lost', 'unlocked', { lost: true }, LOST],
    ['hung', 'hung', {}, UNUSABLE],
    // Also shows that the process ends: left to itself Node would wait for the dialogue.
    ['a dialogue that nobody answers', 'locked', { dialogue: true }, SILENT],
  ])('%s: no key is made over an existing one', async (_what, session, options, why) => {
    using user = createUser()
    await user.logIn('unlocked', ['prepare'])
    const found = await results(user, session, ['state', 'prepare'], options)
    expect(found).toEqual(['locked (1 keys)', `${why} (1 keys)`])
    expect(await results(user, 'unlocked', ['prepare'])).toEqual(['ok (1 keys)'])
  })
})
