import { deflateSync, gzipSync } from 'node:zlib'
import { chunked, having, type HttpRequest, toBytes } from '../request.ts'
import type { Forge } from '../target.ts'
import type { Attack, Attacks } from './attack.ts'

function sent(
  name: string,
  [status, why]: readonly [number, string],
  change: (request: HttpRequest, plaid: Forge) => Buffer | HttpRequest,
  stored = 0,
): Attack {
  return { name, status, why, stored, make: (plaid) => change(plaid.request(), plaid) }
}

const jwsOf = ({ headers }: HttpRequest) => headers.find(([name]) => name === 'Plaid-Verification')?.[1] ?? ''
const withLine = (line: string) => (request: HttpRequest) => ({ ...request, line })
const raw = (request: HttpRequest, change: (text: string) => string) =>
  Buffer.from(change(toBytes(request).toString('latin1')), 'latin1')

const unproved = [401, 'the proof stands in one header of that name'] as const
const fine = [200, 'HTTP lets it be said so, and it changes nothing'] as const
const noHttp = [400, 'it is not HTTP as Node speaks it, so two readers could differ'] as const

const proofs: Attacks = [
  sent('the proof twice', unproved, (one) => having(one, 'Plaid-Verification', jwsOf(one), jwsOf(one))),
  sent('junk before the proof', unproved, (one) => having(one, 'Plaid-Verification', 'x.y.z', jwsOf(one))),
  sent('junk after the proof', unproved, (one) => having(one, 'Plaid-Verification', jwsOf(one), 'x.y.z')),
  sent('nothing before the proof', unproved, (one) => having(one, 'Plaid-Verification', '', jwsOf(one))),
  sent('the proof twice, in other letters', unproved, (one) => ({
    ...one,
    headers: [...one.headers, ['PLAID-VERIFICATION', jwsOf(one)]],
  })),
  sent('the proof as a trailer', unproved, (one) =>
    chunked(having(one, 'Plaid-Verification'), `Plaid-Verification: ${jwsOf(one)}\r\n`),
  ),
  sent('a good proof as a trailer of a bad one', unproved, (one) =>
    chunked(having(one, 'Plaid-Verification', 'x.y.z'), `Plaid-Verification: ${jwsOf(one)}\r\n`),
  ),
  sent('the proof in the query', unproved, (one) =>
    withLine(`POST /plaid/webhook?Plaid-Verification=${jwsOf(one)} HTTP/1.1`)(
      having(one, 'Plaid-Verification'),
    ),
  ),
  sent('the proof in a cookie', unproved, (one) =>
    having(having(one, 'Plaid-Verification'), 'Cookie', `Plaid-Verification=${jwsOf(one)}`),
  ),
  sent('the proof as authorization', unproved, (one) =>
    having(having(one, 'Plaid-Verification'), 'Authorization', `Bearer ${jwsOf(one)}`),
  ),
  sent('the proof under an underscore', unproved, (one) =>
    having(having(one, 'Plaid-Verification'), 'Plaid_Verification', jwsOf(one)),
  ),
  sent('a space before the colon', noHttp, (one) =>
    raw(one, (text) => text.replace('Plaid-Verification:', 'Plaid-Verification :')),
  ),
  sent('a space before the name', noHttp, (one) =>
    raw(one, (text) => text.replace('\r\nPlaid-Verification:', '\r\n Plaid-Verification:')),
  ),
  sent('a line end in the proof', noHttp, (one) =>
    having(one, 'Plaid-Verification', jwsOf(one).replace('.', '.\r\n')),
  ),
  sent('a folded proof', noHttp, (one) =>
    having(one, 'Plaid-Verification', jwsOf(one).replace('.', '.\r\n ')),
  ),
  sent('a NUL in the proof', noHttp, (one) => having(one, 'Plaid-Verification', `${jwsOf(one)}\u0000`)),
  sent(
    'the name in small letters',
    fine,
    (one) => having(having(one, 'Plaid-Verification'), 'plaid-verification', jwsOf(one)),
    1,
  ),
  sent(
    'the name in capitals',
    fine,
    (one) => having(having(one, 'Plaid-Verification'), 'PLAID-VERIFICATION', jwsOf(one)),
    1,
  ),
  sent('spaces around the proof', fine, (one) => having(one, 'Plaid-Verification', ` \t ${jwsOf(one)}  `), 1),
]

const lengths: Attacks = [
  sent('chunks', fine, (one) => chunked(one), 1),
  sent('chunks and a length', noHttp, (one) => having(chunked(one), 'Content-Length', '4')),
  sent('a length and another', noHttp, (one) => having(one, 'Content-Length', '4', String(one.body.length))),
  sent('a length twice', noHttp, (one) =>
    having(one, 'Content-Length', String(one.body.length), String(one.body.length)),
  ),
  sent('lengths in a row', noHttp, (one) =>
    having(one, 'Content-Length', `${one.body.length}, ${one.body.length}`),
  ),
  sent('a negative length', noHttp, (one) => having(one, 'Content-Length', '-1')),
  sent('a length with a sign', noHttp, (one) => having(one, 'Content-Length', `+${one.body.length}`)),
  sent('a length in hex', noHttp, (one) => having(one, 'Content-Length', '0x10')),
  sent('a length with a point', noHttp, (one) => having(one, 'Content-Length', '10.0')),
  sent('a length beyond any', noHttp, (one) => having(one, 'Content-Length', '9'.repeat(40))),
  sent('a length too short', [400, 'what is left over is no request'], (one) =>
    having(one, 'Content-Length', '10'),
  ),
  sent('no length', [400, 'what is left over is no request'], (one) => having(one, 'Content-Length')),
  sent('a length of 1 GB', [413, 'more than 64 KiB'], (one) => having(one, 'Content-Length', '1000000000')),
  sent('a body of 64 KiB and a byte', [413, 'more than 64 KiB'], (_one, plaid) =>
    plaid.request(Buffer.alloc(65_537, 0x20)),
  ),
  sent('that body in chunks', [413, 'more than 64 KiB'], (_one, plaid) =>
    chunked(plaid.request(Buffer.alloc(65_537, 0x20))),
  ),
  sent('Transfer-Encoding identity', noHttp, (one) => having(one, 'Transfer-Encoding', 'identity')),
  sent('Transfer-Encoding xchunked', noHttp, (one) => having(chunked(one), 'Transfer-Encoding', 'xchunked')),
  sent('chunked, identity', noHttp, (one) => having(chunked(one), 'Transfer-Encoding', 'chunked, identity')),
  sent('chunked after a tab', noHttp, (one) => having(chunked(one), 'Transfer-Encoding', '\u000bchunked')),
  sent('a chunk size in 0x', noHttp, (one) => chunkHead(one, '0x10')),
  sent('a chunk size beyond any', noHttp, (one) => chunkHead(one, 'F'.repeat(17))),
  sent('a negative chunk size', noHttp, (one) => chunkHead(one, '-1')),
  sent('a chunk with 20 KB of extension', [413, 'Node stops reading it'], (one) =>
    chunkHead(one, `${one.body.length.toString(16)};x=${'y'.repeat(20_000)}`),
  ),
  sent('a chunk without its end', noHttp, (one) => {
    const { body, ...rest } = chunked(one)
    return {
      ...rest,
      body: Buffer.from(body.toString('latin1').replace('\r\n0\r\n', 'x\r\n0\r\n'), 'latin1'),
    }
  }),
  sent('bare line feeds', noHttp, (one) => raw(one, (text) => text.replaceAll('\r\n', '\n'))),
  sent('bare carriage returns', noHttp, (one) => raw(one, (text) => text.replaceAll('\r\n', '\r'))),
]

function chunkHead(one: HttpRequest, size: string): HttpRequest {
  const { body, ...rest } = chunked(one)
  return { ...rest, body: Buffer.from(body.toString('latin1').replace(/^[0-9a-f]+/, size), 'latin1') }
}

const packed = [415, 'what is packed could be a bomb, and no hash is of it'] as const
const types = [
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  'application/problem+json',
  'application/json, text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=utf-8; charset=utf-7',
  'application/json;x=1',
  '*/*',
  '',
]

const media: Attacks = [
  sent('gzip', packed, (one) =>
    having(
      { ...having(one, 'Content-Length', String(gzipSync(one.body).length)), body: gzipSync(one.body) },
      'Content-Encoding',
      'gzip',
    ),
  ),
  sent('deflate', packed, (one) =>
    having(
      { ...having(one, 'Content-Length', String(deflateSync(one.body).length)), body: deflateSync(one.body) },
      'Content-Encoding',
      'deflate',
    ),
  ),
  sent('gzip, only said', packed, (one) => having(one, 'Content-Encoding', 'gzip')),
  sent('identity, gzip', packed, (one) => having(one, 'Content-Encoding', 'identity', 'gzip')),
  sent('gzip without saying so', [401, 'these are other bytes'], (one) => {
    const body = gzipSync(one.body)
    return { ...having(one, 'Content-Length', String(body.length)), body }
  }),
  ...types.map((type) =>
    sent(`type ${JSON.stringify(type)}`, [415, 'Plaid sends application/json'], (one) =>
      having(one, 'Content-Type', type),
    ),
  ),
  sent('no type', [415, 'Plaid sends application/json'], (one) => having(one, 'Content-Type')),
  sent('two types', [415, 'Plaid sends application/json'], (one) =>
    having(one, 'Content-Type', 'application/json', 'application/json'),
  ),
  sent(
    'the type in capitals, with a charset',
    fine,
    (one) => having(one, 'Content-Type', 'APPLICATION/JSON; charset="utf-8"'),
    1,
  ),
]

const otherMethod = [405, 'only POST'] as const
const elsewhere = [404, 'one path, spelt one way'] as const
const methods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND', 'PURGE', 'QUERY', 'TRACE']
const paths = [
  '/',
  '/plaid',
  '/plaid/',
  '/plaid/webhook/',
  '//plaid/webhook',
  '/plaid//webhook',
  '/./plaid/webhook',
  '/plaid/./webhook',
  '/x/../plaid/webhook',
  '/plaid/webhook/..',
  '/plaid/webhook/.',
  '/plaid%2fwebhook',
  '/plaid/%77ebhook',
  '/plaid/webhook%00',
  '/plaid/webhook%20',
  '/plaid/webhook;x=1',
  '/plaid/webhook#x',
  '/PLAID/webhook',
  '/plaid/webhooks',
  '/%2e/plaid/webhook',
  'http://127.0.0.1:8765/plaid/webhook',
  'http://evil.example/plaid/webhook',
]

const routes: Attacks = [
  ...methods.map((method) =>
    sent(`method ${method}`, otherMethod, withLine(`${method} /plaid/webhook HTTP/1.1`)),
  ),
  sent('method CONNECT', [0, 'nobody is connected to anything'], withLine('CONNECT 127.0.0.1:80 HTTP/1.1')),
  sent('a method of no name', noHttp, withLine('STEAL /plaid/webhook HTTP/1.1')),
  sent('a method in small letters', noHttp, withLine('post /plaid/webhook HTTP/1.1')),
  sent('GET that says it is POST', otherMethod, (one) =>
    having(withLine('GET /plaid/webhook HTTP/1.1')(one), 'X-HTTP-Method-Override', 'POST'),
  ),
  ...paths.map((path) => sent(`path ${path}`, elsewhere, withLine(`POST ${path} HTTP/1.1`))),
  sent('a path that a header names', elsewhere, (one) =>
    having(withLine('POST / HTTP/1.1')(one), 'X-Original-URL', '/plaid/webhook'),
  ),
  sent('path *', noHttp, withLine('POST * HTTP/1.1')),
  sent('a path with a backslash', noHttp, withLine(String.raw`POST /plaid\webhook HTTP/1.1`)),
  sent('a path that is none', noHttp, withLine('POST plaid/webhook HTTP/1.1')),
  sent(
    'a path of 9 KB',
    [431, 'Node stops reading at 8 KiB'],
    withLine(`POST /${'x'.repeat(9000)} HTTP/1.1`),
  ),
  sent("a query of the owner's", fine, withLine('POST /plaid/webhook?a=../..&b=%2f HTTP/1.1'), 1),
]

const protocols: Attacks = [
  sent('HTTP/1.0 without a Host', [400, 'whom did it mean?'], (one) =>
    having(withLine('POST /plaid/webhook HTTP/1.0')(one), 'Host'),
  ),
  sent('HTTP/0.9', noHttp, () => Buffer.from('POST /plaid/webhook\r\n\r\n')),
  sent('HTTP/2 from the start', noHttp, () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
  sent('HTTP/3.0', noHttp, withLine('POST /plaid/webhook HTTP/3.0')),
  sent('HTTP/1.1 in small letters', noHttp, withLine('POST /plaid/webhook http/1.1')),
  sent('TLS', noHttp, () => Buffer.from('16030100c8010000c40303', 'hex')),
  sent('a header of 20 KB', [431, 'Node stops reading at 8 KiB'], (one) =>
    having(one, 'X-Filler', 'x'.repeat(20_000)),
  ),
  sent('1,000 headers', [431, 'Node stops reading at 8 KiB'], (one) =>
    having(one, 'X-Filler', ...Array.from({ length: 1000 }, () => 'x')),
  ),
  sent('Expect: 100-continue', fine, (one) => having(one, 'Expect', '100-continue'), 1),
  sent('Expect: more', [417, 'nothing of the kind'], (one) => having(one, 'Expect', 'more')),
  sent(
    'an upgrade to h2c',
    fine,
    (one) => having(having(one, 'Upgrade', 'h2c'), 'Connection', 'Upgrade, close'),
    1,
  ),
  sent('a web socket', otherMethod, (one) =>
    having(
      having(
        having({ ...withLine('GET /plaid/webhook HTTP/1.1')(one), body: Buffer.alloc(0) }, 'Content-Length'),
        'Upgrade',
        'websocket',
      ),
      'Connection',
      'Upgrade',
    ),
  ),
  sent(
    'a good one and a forged one behind it',
    fine,
    (one) => {
      const first = toBytes(having(one, 'Connection', 'keep-alive'))
      return Buffer.concat([first, toBytes(having(one, 'Plaid-Verification', 'x.y.z'))])
    },
    1,
  ),
  sent('another webhook hidden in the body', [401, 'these are other bytes'], (one, plaid) => {
    const body = Buffer.concat([one.body, toBytes(plaid.request())])
    return { ...having(one, 'Content-Length', String(body.length)), body }
  }),
]

/** Answered only when the listener has waited long enough for what does not come. */
export const slowAttacks: Attacks = [
  sent('a length too long', [408, 'the rest never comes'], (one) =>
    having(one, 'Content-Length', String(one.body.length + 5)),
  ),
  sent('chunks without an end', [408, 'the rest never comes'], (one) => {
    const { body, ...rest } = chunked(one)
    return { ...rest, body: body.subarray(0, -5) }
  }),
  sent('headers without an end', [408, 'the rest never comes'], (one) =>
    toBytes({ ...one, body: Buffer.alloc(0) }).subarray(0, -2),
  ),
]

export const httpAttacks: Attacks = [...proofs, ...lengths, ...media, ...routes, ...protocols]
