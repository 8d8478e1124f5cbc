import { createHash } from 'node:crypto'
import { sha256 } from '../../../webhook/signing.ts'
import type { Attack, Attacks } from './attack.ts'

const now = () => Math.floor(Date.now() / 1000)
type Right = { readonly iat: number; readonly request_body_sha256: string }

/** Plaid's own signature over other claims. */
function claiming(
  name: string,
  why: string,
  claims: (right: Right, body: Buffer) => object | string,
): Attack {
  return {
    name,
    why,
    status: 401,
    make(plaid) {
      const body = plaid.body()
      const right = { iat: now(), request_body_sha256: sha256(body) }
      return plaid.request(body, plaid.sign(body, { claims: claims(right, body) }))
    },
  }
}

const object = 'the payload is an object'
const whole = 'iat is a whole number of seconds'
const hex = 'the hash is 64 hex digits of these bytes'
const year = 31_536_000

const payloads: readonly [name: string, claims: object | string][] = [
  ['no JSON', 'foo'],
  ['empty', ''],
  ['a list', []],
  ['null', 'null'],
  ['a string', '"iat"'],
  ['a number', '7'],
  ['an empty object', {}],
]
const iats: readonly unknown[] = ['1790000000', null, true, [], {}, '', 0, -1, 1e20, -0.5]
const hashes: readonly unknown[] = [null, 7, [], {}, '', 'null', true]

export const claimAttacks: Attacks = [
  ...payloads.map(([name, claims]) => claiming(`a payload that is ${name}`, object, () => claims)),
  claiming('claims in a list', object, (right) => [right]),
  claiming('claims in __proto__', object, (right) => `{"__proto__":${JSON.stringify(right)}}`),
  ...iats.map((iat) => claiming(`iat ${JSON.stringify(iat)}`, whole, (right) => ({ ...right, iat }))),
  claiming('iat now, as a string', whole, (right) => ({ ...right, iat: String(right.iat) })),
  claiming('iat now, in a list', whole, (right) => ({ ...right, iat: [right.iat] })),
  claiming('iat now and a half', whole, (right) => ({ ...right, iat: right.iat + 0.5 })),
  claiming('iat in ms', whole, (right) => ({ ...right, iat: right.iat * 1000 })),
  claiming(
    'iat NaN',
    whole,
    ({ request_body_sha256: hash }) => `{"iat":NaN,"request_body_sha256":"${hash}"}`,
  ),
  claiming(
    'iat larger than any',
    whole,
    ({ request_body_sha256: hash }) => `{"iat":1e999,"request_body_sha256":"${hash}"}`,
  ),
  claiming('no iat', whole, ({ request_body_sha256 }) => ({ request_body_sha256 })),
  claiming('iat 301 s ago', 'too old', (right) => ({ ...right, iat: right.iat - 301 })),
  claiming('iat an hour ago', 'too old', (right) => ({ ...right, iat: right.iat - 3600 })),
  claiming('iat a year ago', 'too old', (right) => ({ ...right, iat: right.iat - year })),
  // Some seconds more than 60: the clock goes on while the request is under way.
  claiming('iat in 65 s', 'too new', (right) => ({ ...right, iat: right.iat + 65 })),
  claiming('iat in a year', 'too new', (right) => ({ ...right, iat: right.iat + year })),
  claiming('iat in ten years', 'too new', (right) => ({ ...right, iat: right.iat + 10 * year })),
  claiming('exp in the past', 'it says itself that it is over', (right) => ({
    ...right,
    exp: right.iat - 3600,
  })),
  claiming('nbf in the future', 'it says itself that it is not yet', (right) => ({
    ...right,
    nbf: right.iat + 3600,
  })),
  ...hashes.map((hash) =>
    claiming(`hash ${JSON.stringify(hash)}`, hex, (right) => ({ ...right, request_body_sha256: hash })),
  ),
  claiming('no hash', hex, ({ iat }) => ({ iat })),
  claiming('hash of another body', hex, (right) => ({ ...right, request_body_sha256: sha256('another') })),
  claiming('hash of nothing', hex, (right) => ({ ...right, request_body_sha256: sha256('') })),
  claiming('half a hash', hex, (right) => ({
    ...right,
    request_body_sha256: right.request_body_sha256.slice(32),
  })),
  claiming('a digit less', hex, (right) => ({
    ...right,
    request_body_sha256: right.request_body_sha256.slice(1),
  })),
  claiming('a digit more', hex, (right) => ({
    ...right,
    request_body_sha256: `${right.request_body_sha256}0`,
  })),
  claiming('a line end more', hex, (right) => ({
    ...right,
    request_body_sha256: `${right.request_body_sha256}\n`,
  })),
  claiming('0x before it', hex, (right) => ({
    ...right,
    request_body_sha256: `0x${right.request_body_sha256}`,
  })),
  claiming('hash in a list', hex, (right) => ({
    ...right,
    request_body_sha256: [right.request_body_sha256],
  })),
  claiming('hash in base64', hex, (right, body) => ({
    ...right,
    request_body_sha256: createHash('sha256').update(body).digest('base64'),
  })),
  claiming('SHA-512', hex, (right, body) => ({
    ...right,
    request_body_sha256: createHash('sha512').update(body).digest('hex').slice(0, 64),
  })),
  claiming('MD5', hex, (right, body) => ({
    ...right,
    request_body_sha256: createHash('md5').update(body).digest('hex').repeat(2),
  })),
  claiming('hash under another name', hex, ({ iat, request_body_sha256 }) => ({
    iat,
    body_sha256: request_body_sha256,
  })),
  {
    name: 'hash in capitals',
    status: 200,
    why: 'it is the same hash, and Plaid signed it',
    stored: 1,
    make(plaid) {
      const body = plaid.body()
      const claims = { iat: now(), request_body_sha256: sha256(body).toUpperCase() }
      return plaid.request(body, plaid.sign(body, { claims }))
    },
  },
]
