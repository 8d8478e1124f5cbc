import { sign } from 'node:crypto'
import type { Forge } from '../target.ts'
import type { Attack, Attacks } from './attack.ts'
import {
  base64url,
  headOf,
  hmacBy,
  n,
  numbers,
  numbersOf,
  p,
  partsOf,
  pemOf,
  signedAs,
  withHead,
  withSignature,
} from './pieces.ts'

/** The header's value becomes another one; nothing else is touched. */
function spelt(name: string, why: string, change: (jws: string, plaid: Forge) => string): Attack {
  return { name, why, status: 401, make: (plaid) => respelt(plaid, change) }
}

function respelt(plaid: Forge, change: (jws: string, plaid: Forge) => string) {
  const body = plaid.body()
  return plaid.request(body, change(plaid.sign(body), plaid))
}

const weak = 'the algorithm is ours to choose, and it is ES256'
const noNumber = 'r and s are numbers from 1 to n - 1'
const spelling = "one spelling is Plaid's: no other is looked at"

const algorithms: Attacks = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) =>
    spelt(`alg ${JSON.stringify(alg)} without a signature`, weak, (jws) => {
      const [header, payload] = partsOf(withHead(jws, { ...headOf(jws), alg }))
      return `${header}.${payload}.`
    }),
  ),
  spelt('alg none with the old signature', weak, (jws) => withHead(jws, { ...headOf(jws), alg: 'none' })),
  ...['HS256', 'HS384', 'HS512', 'ES256'].map((alg) =>
    spelt(`alg ${alg}, an HMAC by the public PEM`, weak, (jws, { keys }) =>
      hmacBy(pemOf(keys.plaids), jws, alg),
    ),
  ),
  spelt('HS256 by the PEM without its last line end', weak, (jws, { keys }) =>
    hmacBy(pemOf(keys.plaids).trim(), jws),
  ),
  spelt('HS256 by the JWK', weak, (jws, { keys }) => hmacBy(JSON.stringify(keys.plaids.jwk), jws)),
  spelt('HS256 by nothing', weak, (jws) => hmacBy('', jws)),
  ...['ES384', 'ES512', 'ES256K', 'EdDSA', 'RS256', 'PS256'].map((alg) =>
    spelt(`alg ${alg} by a key of that kind`, weak, (jws) => signedAs(alg, jws)),
  ),
  ...['RS256', 'ES384', 'ES512', 'EdDSA', 'es256', 'ES256 ', 'Ed25519', 'dir'].map((alg) =>
    spelt(`alg ${JSON.stringify(alg)} over the old signature`, weak, (jws) =>
      withHead(jws, { ...headOf(jws), alg }),
    ),
  ),
]

const halves = (change: (r: bigint, s: bigint) => readonly [bigint, bigint]) => (jws: string) =>
  withSignature(jws, (signature) => {
    const { r, s } = numbersOf(signature)
    return numbers(...change(r, s))
  })

const values: Attacks = [
  spelt(
    'r = s = 0',
    noNumber,
    halves(() => [0n, 0n]),
  ),
  spelt(
    'r = 0',
    noNumber,
    halves((_r, s) => [0n, s]),
  ),
  spelt(
    's = 0',
    noNumber,
    halves((r) => [r, 0n]),
  ),
  spelt(
    'r = s = 1',
    'it is no signature of this',
    halves(() => [1n, 1n]),
  ),
  spelt(
    'r = s = n',
    noNumber,
    halves(() => [n, n]),
  ),
  spelt(
    'r = n',
    noNumber,
    halves((_r, s) => [n, s]),
  ),
  spelt(
    's = n',
    noNumber,
    halves((r) => [r, n]),
  ),
  spelt(
    'r = n, s = 1',
    noNumber,
    halves(() => [n, 1n]),
  ),
  spelt(
    'r = s = n - 1',
    'it is no signature of this',
    halves(() => [n - 1n, n - 1n]),
  ),
  spelt(
    'r = s = p',
    noNumber,
    halves(() => [p, p]),
  ),
  spelt(
    'r = p - n',
    'it is no signature of this',
    halves((_r, s) => [p - n, s]),
  ),
  spelt(
    "r and s in each other's place",
    'it is no signature of this',
    halves((r, s) => [s, r]),
  ),
  spelt(
    'r -> n - r',
    'it is no signature of this',
    halves((r, s) => [n - r, s]),
  ),
  spelt('all bits set', noNumber, (jws) => withSignature(jws, () => Buffer.alloc(64, 0xff))),
  spelt('the first bit turned', 'it is no signature of this', (jws) =>
    withSignature(jws, (bytes) => Buffer.from(bytes.map((one, at) => (at === 0 ? one ^ 0x80 : one)))),
  ),
  spelt('the last bit turned', 'it is no signature of this', (jws) =>
    withSignature(jws, (bytes) => Buffer.from(bytes.map((one, at) => (at === 63 ? one ^ 1 : one)))),
  ),
  {
    name: 's -> n - s, the only other signature that is good',
    status: 200,
    why: 'it is as much a proof that Plaid said this; that it adds nothing is shown beside the table',
    stored: 1,
    make: (plaid) =>
      respelt(
        plaid,
        halves((r, s) => [r, n - s]),
      ),
  },
]

const forms: Attacks = [
  spelt('DER', 'a JWS has r and s bare', (jws, { keys }) => {
    const input = partsOf(jws).slice(0, 2).join('.')
    return `${input}.${base64url(sign('sha256', Buffer.from(input), keys.plaids.privateKey))}`
  }),
  spelt('DER cut to 64 bytes', 'a JWS has r and s bare', (jws, { keys }) => {
    const input = partsOf(jws).slice(0, 2).join('.')
    const der = sign('sha256', Buffer.from(input), keys.plaids.privateKey)
    return withSignature(jws, () => der.subarray(0, 64))
  }),
  spelt('a byte less', noNumber, (jws) => withSignature(jws, (bytes) => bytes.subarray(0, 63))),
  spelt('half of it', noNumber, (jws) => withSignature(jws, (bytes) => bytes.subarray(0, 32))),
  spelt('a zero more', noNumber, (jws) =>
    withSignature(jws, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  ),
  spelt('a zero before', noNumber, (jws) =>
    withSignature(jws, (bytes) => Buffer.concat([Buffer.alloc(1), bytes])),
  ),
  spelt('twice', noNumber, (jws) => withSignature(jws, (bytes) => Buffer.concat([bytes, bytes]))),
  spelt('none at all', noNumber, (jws) => withSignature(jws, () => Buffer.alloc(0))),
  spelt('that of another webhook', 'it is of other bytes', (jws, { sign: of }) =>
    withSignature(jws, () => Buffer.from(partsOf(of('another'))[2], 'base64url')),
  ),
  spelt('over the payload alone', 'it is of other bytes', (jws, { keys }) =>
    withSignature(jws, () =>
      sign('sha256', Buffer.from(partsOf(jws)[1]), {
        key: keys.plaids.privateKey,
        dsaEncoding: 'ieee-p1363',
      }),
    ),
  ),
  spelt('over the decoded payload', 'it is of other bytes', (jws, { keys }) =>
    withSignature(jws, () =>
      sign('sha256', Buffer.from(partsOf(jws)[1], 'base64url'), {
        key: keys.plaids.privateKey,
        dsaEncoding: 'ieee-p1363',
      }),
    ),
  ),
  spelt('padding', spelling, (jws) => `${jws}==`),
  spelt('padding of one', spelling, (jws) => `${jws}=`),
  spelt('padding in the header', spelling, (jws) => jws.replace('.', '=.')),
  spelt('a space within', spelling, (jws) => `${jws.slice(0, -4)} ${jws.slice(-4)}`),
  spelt('a tab within', spelling, (jws) => `${jws.slice(0, -4)}\t${jws.slice(-4)}`),
  spelt('the standard alphabet', spelling, (jws) =>
    withSignature(jws, () => Buffer.alloc(64, 0xff)).replaceAll('_', '/'),
  ),
  spelt('spare bits set', spelling, (jws) => jws.slice(0, -1) + nextOf(jws.slice(-1))),
  spelt('one part', spelling, (jws) => partsOf(jws)[0]),
  spelt('two parts', spelling, (jws) => partsOf(jws).slice(0, 2).join('.')),
  spelt('four parts', spelling, (jws) => `${jws}.${partsOf(jws)[2]}`),
  spelt('five parts', spelling, (jws) => `${jws}.${partsOf(jws)[0]}.${partsOf(jws)[0]}`),
  spelt('a dot before', spelling, (jws) => `.${jws}`),
  spelt('a dot after', spelling, (jws) => `${jws}.`),
  spelt('no header', spelling, (jws) => jws.slice(jws.indexOf('.'))),
  spelt('no payload', spelling, (jws) => `${partsOf(jws)[0]}..${partsOf(jws)[2]}`),
  spelt('as JSON', spelling, (jws) => {
    const [header, payload, signature] = partsOf(jws)
    return JSON.stringify({ protected: header, payload, signature })
  }),
  spelt('as a bearer', spelling, (jws) => `Bearer ${jws}`),
  spelt('in quotes', spelling, (jws) => `"${jws}"`),
  spelt('in per cent', spelling, (jws) => jws.replaceAll('.', '%2E')),
  spelt('in small letters', spelling, (jws) => jws.toLowerCase()),
  spelt('with a letter that is none of ours', spelling, (jws) => `${jws.slice(0, -1)}\u00e9`),
  spelt('two, with a comma between', 'which would count?', (jws) => `${jws}, ${jws}`),
  spelt('a good one after a bad one', 'which would count?', (jws) => `x.y.z,${jws}`),
  spelt('two, with a semicolon between', 'which would count?', (jws) => `${jws};${jws}`),
  spelt('nothing', 'no proof', () => ''),
  spelt('a word', 'no proof', () => 'undefined'),
]

function nextOf(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt(alphabet.indexOf(letter) ^ 1)
}

export const signatureAttacks: Attacks = [...algorithms, ...values, ...forms]
