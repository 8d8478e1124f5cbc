import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  createUser,
  missing,
  skipped,
  type Session,
  type SessionOptions,
  type User,
} from './keychain-session.ts'

const UNUSABLE = 'The keychain cannot be used: there is none, or it is locked.'
const SILENT = 'The keychain did not answer within 3 s.'
const LOST = 'The key that the bank tokens are sealed with is missing.'
const token = 'token-for-tests-only'

/** The longest answer of all, in seconds; how many states there were, and in how many a key or a token came elsewhere. */
let longest = 0
let states = 0
let downgrades = 0

async function results(user: User, session: Session, steps: string[], options?: SessionOptions) {
  const answers = await user.logIn(session, steps, options)
  longest = Math.max(longest, ...answers.map(({ seconds }) => seconds))
  return answers.map(({ result, keys }) => `${result} (${keys} keys)`)
}

/** Files outside the keychain that have a key or a token in clear. */
function clearIn({ directory }: User): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(directory, name), { throwIfNoEntry: false })?.isFile(),
  )
  return files.filter((name) =>
    /coffer-key-v1|token-for-tests/.test(readFileSync(join(directory, name), 'latin1')),
  )
}

/** In a state where no key can be had: nothing is kept in clear, and no key is made (`0 keys`, or the `1` of before). */
function count(user: User, found: readonly string[], expected: readonly string[]): void {
  states += 1
  if (clearIn(user).length > 0 || found.join() !== expected.join()) downgrades += 1
}

// At once, since most of the time goes into waiting for a keychain that does not answer.
describe.skipIf(missing.length > 0).concurrent(`a real keychain${skipped}`, () => {
  afterAll(() => {
    process.stdout.write(
      `keychain: silent downgrades in ${states} states: ${downgrades} (target 0 in 14 and more), the longest answer ${longest.toFixed(2)} s (target 3.5)\n`,
    )
  })

  it('unlocked: keeps the key over logins', async () => {
    states += 2
    using user = createUser()
    const [, sealed] = await user.logIn('unlocked', ['prepare', 'seal'])
    expect(await results(user, 'unlocked', ['state', sealed?.result ?? '', 'prepare'])).toEqual([
      'ok (1 keys)',
      `${token} (1 keys)`,
      'ok (1 keys)',
    ])
    expect(clearIn(user)).toEqual([])
  })

  it('unlocked: has both keys after a rotation, and no longer the one that is retired', async () => {
    using user = createUser()
    const [, sealed] = await user.logIn('unlocked', ['prepare', 'seal'])
    const old = sealed?.result ?? ''
    expect(await results(user, 'unlocked', ['rotate'])).toEqual(['ok (2 keys)'])
    const [opened, fresh] = await user.logIn('unlocked', [old, 'seal'])
    expect(opened?.result).toBe(token)
    expect(await results(user, 'unlocked', ['retire'])).toEqual(['deleted (2 keys)'])
    expect(await results(user, 'unlocked', [fresh?.result ?? '', old, 'state'])).toEqual([
      `${token} (2 keys)`,
      `${LOST} (2 keys)`,
      'ok (2 keys)',
    ])
    expect(clearIn(user)).toEqual([])
  })

  it.each<[string, Session, SessionOptions, string]>([
    ['no bus', 'no bus', {}, 'locked'],
    ['no service', 'no service', {}, 'locked'],
    // It shows an empty keychain; only writing to it tells.
    ['locked', 'locked', {}, 'ok'],
    ['locked, with the key of another data directory', 'locked', { fresh: true }, 'ok'],
    ['wrong password', 'unlocked', { fresh: true, password: 'wrong' }, 'ok'],
    ['hung', 'hung', {}, 'locked'],
  ])('%s: no key is made on an empty database', async (_what, session, options, state) => {
    using user = createUser()
    if (options.fresh === true) await user.logIn('unlocked', ['prepare'])
    const made = await results(user, session, ['state', 'prepare'], options)
    const expected = [`${state} (0 keys)`, `${UNUSABLE} (0 keys)`]
    count(user, made, expected)
    expect(made).toEqual(expected)
    expect(clearIn(user)).toEqual([])
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
    const found = await results(user, session, ['state', 'prepare', 'rotate'], options)
    const expected = ['locked (1 keys)', `${why} (1 keys)`, `${why} (1 keys)`]
    count(user, found, expected)
    expect(found).toEqual(expected)
    expect(clearIn(user)).toEqual([])
    expect(await results(user, 'unlocked', ['prepare'])).toEqual(['ok (1 keys)'])
  })
})
