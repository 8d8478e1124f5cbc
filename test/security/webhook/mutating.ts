import type { Chance } from '../../../src/simulator/chance.ts'
import { base64url, partsOf } from './attacks/pieces.ts'
import { chunked, having, type HttpRequest, toBytes } from './request.ts'

type Change = (bytes: Buffer, chance: Chance) => Buffer

const at = (bytes: Buffer, chance: Chance) => chance.between(0, Math.max(0, bytes.length - 1))
const any = (chance: Chance) => Buffer.from([chance.between(0, 255)])
const spliced = (bytes: Buffer, from: number, to: number, by: Buffer) =>
  Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)])

/** What may befall bytes; each is tried as often as any other. */
const changes: readonly [Change, ...Change[]] = [
  // A bit turned.
  (bytes, chance) => {
    const place = at(bytes, chance)
    return spliced(bytes, place, place + 1, Buffer.from([(bytes[place] ?? 0) ^ (1 << chance.between(0, 7))]))
  },
  // A byte replaced, put in, taken out.
  (bytes, chance) => {
    const place = at(bytes, chance)
    return spliced(bytes, place, place + 1, any(chance))
  },
  (bytes, chance) => {
    const place = at(bytes, chance)
    return spliced(bytes, place, place, any(chance))
  },
  (bytes, chance) => {
    const place = at(bytes, chance)
    return spliced(bytes, place, place + 1, Buffer.alloc(0))
  },
  // A piece said twice, left out, or put elsewhere.
  (bytes, chance) => {
    const [from, to] = [at(bytes, chance), at(bytes, chance)].sort((one, other) => one - other)
    return spliced(bytes, to ?? 0, to ?? 0, bytes.subarray(from, to))
  },
  (bytes, chance) => {
    const place = at(bytes, chance)
    return spliced(bytes, place, place + chance.between(1, 16), Buffer.alloc(0))
  },
  (bytes, chance) => {
    const place = at(bytes, chance)
    return Buffer.concat([bytes.subarray(place), bytes.subarray(0, place)])
  },
  // Cut, and made longer.
  (bytes, chance) => bytes.subarray(0, at(bytes, chance)),
  (bytes, chance) => Buffer.concat([bytes, any(chance)]),
  // A digit or letter become another one, which keeps most grammars whole.
  (bytes, chance) => {
    const text = bytes.toString('latin1')
    const letters = [...text.matchAll(/[0-9a-z]/gi)]
    const place = letters[chance.between(0, Math.max(0, letters.length - 1))]?.index ?? 0
    return spliced(
      bytes,
      place,
      place + 1,
      Buffer.from(chance.pick(['0', '1', '9', 'a', 'f', 'A', 'F', 'z', 'Z'])),
    )
  },
]

export function mutated(bytes: Buffer, chance: Chance): Buffer {
  let left = chance.pick([1, 1, 1, 2, 3])
  let now = bytes
  for (; left > 0; left -= 1) now = chance.pick(changes)(now, chance)
  return now
}

/** What is within the base64url is spoilt, and spelt rightly again. */
function within(part: string, chance: Chance): string {
  return base64url(mutated(Buffer.from(part, 'base64url'), chance))
}

export interface Webhook {
  readonly jws: string
  readonly body: Buffer
}

/** Spoils a webhook somewhere in its proof or its body; `other` is another good one, whose parts may get into it. */
export function spoilt({ jws, body }: Webhook, other: Webhook, chance: Chance): Webhook {
  const [header, payload, signature] = partsOf(jws)
  const [otherHeader, otherPayload, otherSignature] = partsOf(other.jws)
  const ways: readonly [() => Webhook, ...(() => Webhook)[]] = [
    () => ({ body, jws: mutated(Buffer.from(jws, 'latin1'), chance).toString('latin1') }),
    () => ({ body, jws: [within(header, chance), payload, signature].join('.') }),
    () => ({ body, jws: [header, within(payload, chance), signature].join('.') }),
    () => ({ body, jws: [header, payload, within(signature, chance)].join('.') }),
    () => ({ jws, body: mutated(body, chance) }),
    () => ({
      jws: [within(header, chance), within(payload, chance), signature].join('.'),
      body: mutated(body, chance),
    }),
    () => ({ jws: [otherHeader, otherPayload, signature].join('.'), body: other.body }),
    () => ({ jws: [header, payload, otherSignature].join('.'), body: mutated(body, chance) }),
    () => ({ jws: other.jws, body }),
  ]
  return chance.pick(ways)()
}

const types = [
  'application/json;charset=utf-8',
  'application/JSON',
  'text/plain',
  'application/json-seq',
  'application/json;',
  'application/x-ndjson',
] as const
const names = [
  'Plaid-Verification',
  'plaid-verification',
  'Plaid_Verification',
  'X-Plaid-Verification',
  'Plaid-Verification ',
  'Plaid-Verificatio\u00f1',
] as const

/** Spoils a request anywhere: header names, types, lengths, line ends, proof, body. */
export function spoiltRequest(request: HttpRequest, chance: Chance): Buffer {
  const jws = request.headers.find(([name]) => name === 'Plaid-Verification')?.[1] ?? ''
  const ways: readonly [() => Buffer, ...(() => Buffer)[]] = [
    () => mutated(toBytes(request), chance),
    () => mutated(toBytes({ ...request, body: Buffer.alloc(0) }), chance),
    () => mutated(toBytes(chunked(request)), chance),
    () => toBytes(having(having(request, 'Plaid-Verification'), chance.pick(names), jws)),
    () => toBytes(having(request, 'Content-Type', chance.pick(types))),
    () =>
      toBytes(
        having(request, 'Content-Type', mutated(Buffer.from('application/json'), chance).toString('latin1')),
      ),
    () =>
      toBytes(having(request, 'Plaid-Verification', mutated(Buffer.from(jws), chance).toString('latin1'))),
    () => toBytes({ ...request, body: mutated(request.body, chance) }),
    () =>
      toBytes({
        ...having(request, 'Content-Length', String(request.body.length + chance.between(-9, 0))),
        body: request.body,
      }),
  ]
  return chance.pick(ways)()
}
