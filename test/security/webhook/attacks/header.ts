import { signed } from '../../../webhook/signing.ts'
import type { Forge } from '../target.ts'
import type { Attack, Attacks } from './attack.ts'
import { base64url, pemOf } from './pieces.ts'

/** Even Plaid's own signature makes no such header good: an attacker gets less far still. */
function headed(name: string, why: string, header: (plaid: Forge) => object | string): Attack {
  return {
    name,
    why,
    status: 401,
    make(plaid) {
      const body = plaid.body()
      return plaid.request(body, plaid.sign(body, { header: header(plaid) }))
    },
  }
}

const right = ({ keys }: Forge) => ({ alg: 'ES256', kid: keys.plaids.kid, typ: 'JWT' })
const nothingMore = 'a header says alg, kid and typ, and nothing that could bend what is verified'
const once = 'each is said once: parsers do not agree on which of two counts'

const members: readonly [name: string, (plaid: Forge) => object][] = [
  ['jwk', ({ keys }) => ({ jwk: keys.attackers.jwk })],
  ['jku', () => ({ jku: 'https://evil.example/keys' })],
  ['x5u', () => ({ x5u: 'https://evil.example/chain' })],
  ['x5c', () => ({ x5c: ['MIIB'] })],
  ['x5t', () => ({ x5t: 'AAAA' })],
  ['crit of something unknown', () => ({ crit: ['x'], x: 1 })],
  ['crit of b64', () => ({ crit: ['b64'], b64: true })],
  ['crit of nothing', () => ({ crit: [] })],
  ['b64 true', () => ({ b64: true })],
  ['b64 false', () => ({ b64: false })],
  ['zip', () => ({ zip: 'DEF' })],
  ['cty', () => ({ cty: 'JWT' })],
  ['enc', () => ({ enc: 'A128GCM' })],
  ['p2c', () => ({ p2c: 2_000_000_000 })],
  ['iat', () => ({ iat: 1 })],
  ['a member of no name', () => ({ '': 1 })],
]

const typs = ['JWE', 'jwt', 'at+jwt', 'JOSE', '', 1, null, ['JWT'], {}]
const algs = [null, 7, ['ES256'], { toString: 'ES256' }, true]

const headers: Attacks = [
  ...members.map(([name, more]) =>
    headed(`${name} in the header`, nothingMore, (plaid) => ({ ...right(plaid), ...more(plaid) })),
  ),
  ...typs.map((typ) =>
    headed(`typ ${JSON.stringify(typ)}`, 'it is a JWT', (plaid) => ({ ...right(plaid), typ })),
  ),
  ...algs.map((alg) =>
    headed(`alg ${JSON.stringify(alg)}`, 'it is ES256', (plaid) => ({ ...right(plaid), alg })),
  ),
  headed('no alg', 'it is ES256', ({ keys }) => ({ kid: keys.plaids.kid })),
  headed(
    'alg twice, the good one last',
    once,
    ({ keys }) => `{"alg":"none","alg":"ES256","kid":"${keys.plaids.kid}"}`,
  ),
  headed(
    'alg twice, the good one first',
    once,
    ({ keys }) => `{"alg":"ES256","alg":"none","kid":"${keys.plaids.kid}"}`,
  ),
  headed(
    'alg twice, the same',
    once,
    ({ keys }) => `{"alg":"ES256","alg":"ES256","kid":"${keys.plaids.kid}"}`,
  ),
  headed(
    'alg twice, once in escapes',
    once,
    ({ keys }) => String.raw`{"alg":"none","\u0061lg":"ES256","kid":"${keys.plaids.kid}"}`,
  ),
  headed(
    'kid twice',
    once,
    ({ keys }) => `{"alg":"ES256","kid":"${keys.attackers.kid}","kid":"${keys.plaids.kid}"}`,
  ),
  headed('ALG and alg', nothingMore, (plaid) => ({ ...right(plaid), ALG: 'none' })),
  headed(
    '__proto__',
    nothingMore,
    (plaid) => `{"__proto__":{"alg":"none"},${JSON.stringify(right(plaid)).slice(1)}`,
  ),
  headed(
    'all of it in __proto__',
    'what is inherited was not said',
    (plaid) => `{"__proto__":${JSON.stringify(right(plaid))}}`,
  ),
  headed('constructor', nothingMore, (plaid) => ({ ...right(plaid), constructor: { prototype: {} } })),
  headed('a list', 'a header is an object', (plaid) => [right(plaid)]),
  headed('null', 'a header is an object', () => 'null'),
  headed('a word', 'a header is an object', () => '"ES256"'),
  headed('no JSON', 'a header is an object', () => 'alg=ES256'),
  headed('JSON and more', 'a header is an object', (plaid) => `${JSON.stringify(right(plaid))}{}`),
  headed('a BOM', 'a header is an object', (plaid) => `\uFEFF${JSON.stringify(right(plaid))}`),
  headed('a comment', 'a header is an object', (plaid) => `/**/${JSON.stringify(right(plaid))}`),
  headed(
    'in other quotes',
    'a header is an object',
    ({ keys }) => `{'alg':'ES256','kid':'${keys.plaids.kid}'}`,
  ),
]

const notUuid = 'no question may be made of it'
const kids: readonly [name: string, (kid: string) => unknown][] = [
  ['missing', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['a list', (kid) => [kid]],
  ['an object', (kid) => ({ kid })],
  ['empty', () => ''],
  ['a word', () => 'key-1'],
  ['a path', () => '../../etc/passwd'],
  ['an address', () => 'https://evil.example/key'],
  ['SQL', () => "x' or '1'='1"],
  ['very long', () => 'a'.repeat(350)],
  ['followed by a path', (kid) => `${kid}/../x`],
  ['followed by a line end', (kid) => `${kid}\n`],
  ['followed by a NUL', (kid) => `${kid}\u0000`],
  ['after a space', (kid) => ` ${kid}`],
  ['in braces', (kid) => `{${kid}}`],
  ['without dashes', (kid) => kid.replaceAll('-', '')],
  ['a urn', (kid) => `urn:uuid:${kid}`],
  ['__proto__', () => '__proto__'],
  ['constructor', () => 'constructor'],
]

const named: Attacks = [
  ...kids.map(([name, kidOf]) =>
    headed(`kid ${name}`, notUuid, (plaid) => ({ ...right(plaid), kid: kidOf(plaid.keys.plaids.kid) })),
  ),
  {
    name: 'a header that is larger than any',
    why: 'Node stops reading at 8 KiB',
    status: 431,
    make: (plaid) =>
      plaid.request(plaid.body(), plaid.sign('', { header: { alg: 'ES256', kid: 'a'.repeat(9000) } })),
  },
]

/** Whose key it is. */
function by(name: string, why: string, make: (plaid: Forge, body: Buffer) => string): Attack {
  return {
    name,
    why,
    status: 401,
    make(plaid) {
      const body = plaid.body()
      return plaid.request(body, make(plaid, body))
    },
  }
}

/** Some of these cause a look-up, and only six are made in a minute: they have a listener of their own. */
export const keyAttacks: Attacks = [
  by("the attacker's key under Plaid's kid", "it is not Plaid's signature", ({ keys }, body) =>
    signed({ ...keys.attackers, kid: keys.plaids.kid }, body),
  ),
  by("the attacker's key under its own kid", 'Plaid does not know it', ({ keys }, body) =>
    signed(keys.attackers, body),
  ),
  by(
    "the attacker's key under Plaid's kid, brought along",
    'only Plaid says what its key is',
    ({ keys }, body) =>
      signed(keys.attackers, body, {
        header: { alg: 'ES256', kid: keys.plaids.kid, jwk: keys.attackers.jwk },
      }),
  ),
  by("Plaid's second key under the kid of the first", 'each key has its own name', ({ keys }, body) =>
    signed({ ...keys.second, kid: keys.plaids.kid }, body),
  ),
  by("Plaid's first key under the kid of the second", 'each key has its own name', ({ keys }, body) =>
    signed({ ...keys.plaids, kid: keys.second.kid }, body),
  ),
  by("a key of Plaid's that has ended", "what is signed with it may be anybody's", ({ keys }, body) =>
    signed(keys.ended, body),
  ),
  by('a key of the other environment', "keys are Plaid's per environment", ({ keys }, body) =>
    signed(keys.elsewhere, body),
  ),
  by("Plaid's kid in capitals", 'it is another name', ({ keys }, body) =>
    signed({ ...keys.plaids, kid: keys.plaids.kid.toUpperCase() }, body),
  ),
  by('the public PEM for a kid', 'it is no kid', ({ keys }, body) =>
    signed(keys.plaids, body, { header: { alg: 'ES256', kid: base64url(pemOf(keys.plaids)).slice(0, 36) } }),
  ),
  {
    ...by(
      'one key more that nobody knows',
      'the six look-ups are used up: Plaid would have to come again',
      ({ keys }, body) => signed({ ...keys.plaids, kid: '00000000-0000-0000-0000-000000000000' }, body),
    ),
    status: 503,
  },
]

export const headerAttacks: Attacks = [...headers, ...named]
