import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../src/secret.ts'

const hidden = 'access-sandbox-hidden'

describe('a secret', () => {
  it('opens for those who are meant to', () => {
    expect(new Secret(hidden).open()).toBe(hidden)
  })

  it.each<[string, (secret: Secret) => string]>([
    ['a joined text', (secret) => ['a', secret, 'b'].join(' ')],
    ['String()', String],
    ['JSON', (secret) => JSON.stringify({ deep: [secret] })],
    ['an inspection', (secret) => inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
    ['%s, %o, %O and %j', (secret) => format('%s %o %O %j', secret, secret, secret, secret)],
    [
      'its own properties',
      (secret) => JSON.stringify(Object.entries(secret)) + JSON.stringify(Object.assign({}, secret)),
    ],
    ['a clone', (secret) => inspect(structuredClone(secret))],
    ['an error', (secret) => inspect(Object.assign(new Error('failed'), { secret }))],
  ])('does not print in %s', (_where, print) => {
    expect(print(new Secret(hidden))).not.toContain('hidden')
  })
})
