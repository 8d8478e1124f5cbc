import type { Attack, Attacks } from './attack.ts'

const otherBytes = 'Plaid signed other bytes'

/** The body is changed after it was signed. */
function changed(name: string, change: (body: Buffer) => Buffer | string): Attack {
  return {
    name: `a body ${name}`,
    why: otherBytes,
    status: 401,
    make(plaid) {
      const body = plaid.body()
      return plaid.request(Buffer.from(change(body)), plaid.sign(body))
    },
  }
}

const reordered = (body: Buffer) =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body.toString())).toReversed()), null, 2)

const altered: Attacks = [
  changed('with a byte changed', (body) => body.toString().replace('DEFAULT', 'DEFAUlT')),
  changed('with another Item', (body) => body.toString().replace('item-1', 'item-2')),
  changed('of another kind', (body) => body.toString().replace('HOLDINGS', 'LIABILITIES')),
  changed('minified', (body) => JSON.stringify(JSON.parse(body.toString()))),
  changed('with four spaces for two', (body) => JSON.stringify(JSON.parse(body.toString()), null, 4)),
  changed('in another order', reordered),
  changed('with a BOM', (body) => `\uFEFF${body.toString()}`),
  changed('in UTF-16', (body) => Buffer.from(body.toString(), 'utf16le')),
  changed('with a NUL after it', (body) => `${body.toString()}\u0000`),
  changed('with a line end after it', (body) => `${body.toString()}\n`),
  changed('with a space after it', (body) => `${body.toString()} `),
  changed('with a space before it', (body) => ` ${body.toString()}`),
  changed('with other line ends', (body) => body.toString().replaceAll('\n', '\r\n')),
  changed('without its last byte', (body) => body.subarray(0, -1)),
  changed('without its first byte', (body) => body.subarray(1)),
  changed('twice', (body) => Buffer.concat([body, body])),
  changed('that is nothing', () => ''),
  changed('that is {}', () => '{}'),
  changed('with escapes for letters', (body) =>
    body.toString().replace('ITEM', String.raw`\u0049TEM`).replace('"item_id"', String.raw`"\u0069tem_id"`),
  ),
]

/** What Plaid's own key signed, and still means nothing to us. */
function signedBy(name: string, why: string, said: string | Buffer | object, stored = 0): Attack {
  const isWhole = typeof said === 'string' || Buffer.isBuffer(said)
  return {
    name: `signed: ${name}`,
    why,
    status: 200,
    stored,
    make: (plaid) => plaid.request(isWhole ? Buffer.from(said) : plaid.body(said)),
  }
}

const onlyAHint = 'Plaid says that something is the matter with the login: it is asked, and nothing else'
const noWebhook = "it is Plaid's, so Plaid need not come again; it says nothing"
const right = {
  webhook_type: 'ITEM',
  webhook_code: 'LOGIN_REPAIRED',
  item_id: 'item-1',
  environment: 'sandbox',
}
const text = JSON.stringify(right)
const deep = (depth: number) => `${text.slice(0, -1)},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`

const ids: readonly unknown[] = [
  ['item-1'],
  { id: 'item-1' },
  7,
  null,
  '',
  true,
  'ITEM-1',
  ' item-1',
  'item-1 ',
  'item-1\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  '%',
  "item-1' or '1'='1",
  'x'.repeat(10_000),
]

const strange: Attacks = [
  signedBy('arrays 10,000 deep and nothing else', noWebhook, `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
  signedBy('objects 10,000 deep', noWebhook, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
  signedBy('64 KiB of digits', noWebhook, '9'.repeat(64 * 1024)),
  signedBy('64 KiB of opening brackets', noWebhook, '['.repeat(64 * 1024)),
  signedBy('64 KiB of backslashes', noWebhook, `"${'\\\\'.repeat(32_000)}"`),
  signedBy('30,000 names', noWebhook, `{${Array.from({ length: 6000 }, (_, at) => `"k${at}":1`).join()}}`),
  signedBy('a webhook in __proto__', 'what is inherited was not said', `{"__proto__":${text}}`),
  signedBy(
    'a webhook in constructor.prototype',
    'what is inherited was not said',
    `{"constructor":{"prototype":${text}}}`,
  ),
  signedBy('NaN', noWebhook, `{"webhook_type":NaN,${text.slice(1)}`),
  signedBy('a comment', noWebhook, `/*x*/${text}`),
  signedBy('a comma too many', noWebhook, `${text.slice(0, -1)},}`),
  signedBy('a BOM', noWebhook, `\uFEFF${text}`),
  signedBy('UTF-16', noWebhook, Buffer.from(text, 'utf16le')),
  signedBy(
    'bytes that are no UTF-8',
    noWebhook,
    Buffer.from(text.replace('item-1', 'item-\u00ff'), 'latin1'),
  ),
  signedBy('a NUL after it', noWebhook, `${text}\u0000`),
  signedBy('two webhooks, one after the other', noWebhook, `${text}${text}`),
  signedBy('a list of webhooks', noWebhook, `[${text}]`),
  signedBy('null', noWebhook, 'null'),
  signedBy('a word', noWebhook, '"ITEM"'),
  signedBy('a number', noWebhook, '1e999'),
  signedBy('nothing', noWebhook, ''),
  signedBy('a form', noWebhook, 'webhook_type=ITEM&webhook_code=LOGIN_REPAIRED&item_id=item-1'),
  signedBy('packed bytes', noWebhook, Buffer.from('1f8b0800000000000003', 'hex')),
  ...ids.map((id) =>
    signedBy(`item_id ${JSON.stringify(id).slice(0, 24)}`, 'it is no Item of ours', { item_id: id }),
  ),
  signedBy(
    'item_id twice, the last one not ours',
    'the last one is said',
    `${text.slice(0, -1)},"item_id":"item-2"}`,
  ),
  signedBy('an Item of another customer of Plaid', 'the signature names no audience', {
    item_id: 'BxBXxLj1m4HMXBm9WZZmCWVbPjX16EHwv99vp',
  }),
  signedBy('the other environment', 'its Items are not ours', { environment: 'production' }),
  signedBy('an environment that is none', 'its Items are not ours', { environment: 'development' }),
  signedBy('a type in a list', noWebhook, { webhook_type: ['HOLDINGS'] }),
  signedBy('a type that is a number', noWebhook, { webhook_type: 7 }),
  signedBy('a code that nobody knows', noWebhook, { webhook_code: 'GIVE_ME_MONEY' }),
  signedBy('a code in small letters', noWebhook, { webhook_code: 'default_update' }),
  signedBy('type __proto__', noWebhook, { webhook_type: '__proto__', webhook_code: '__proto__' }),
  signedBy(
    'an ERROR without an error',
    onlyAHint,
    { webhook_type: 'ITEM', webhook_code: 'ERROR', error: null },
    1,
  ),
  signedBy(
    'an ERROR whose code is an object',
    onlyAHint,
    { webhook_type: 'ITEM', webhook_code: 'ERROR', error: { error_code: {} } },
    1,
  ),
  signedBy(
    'depth 10,000 beside a real webhook',
    'it is a webhook, and what is beside it is not looked at',
    deep(10_000),
    1,
  ),
]

export const bodyAttacks: Attacks = [...altered, ...strange]
