import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exchange } from '../../src/simulator/index.ts'

/** Secrets that must never be seen anywhere but where they belong; each is looked for in everything that leaves. */
export interface Planted {
  readonly clientId: string
  readonly secret: string
  readonly passphrase: string
  readonly accountNumber: string
  readonly routingNumber: string
  readonly holderName: string
  /** Gathered from what Plaid answers: tokens, and the page that a link token opens. */
  readonly seen: Map<string, string>
  onExchange(exchange: Exchange): void
}

export function plant(): Planted {
  const seen = new Map<string, string>()
  const keep = (name: string, value: unknown) => {
    if (typeof value === 'string' && value !== '') seen.set(value, name)
  }
  return {
    clientId: `client${randomBytes(12).toString('hex')}`,
    secret: `secret${randomBytes(12).toString('hex')}`,
    passphrase: `correct horse ${randomUUID()}`,
    accountNumber: '900' + randomDigits(9),
    routingNumber: '011' + randomDigits(6),
    holderName: `Holder ${randomUUID()}`,
    seen,
    onExchange({ request, response }) {
      for (const side of [request, response]) {
        const fields = isRecord(side) ? side : {}
        keep('access token', fields.access_token)
        keep('public token', fields.public_token)
        keep('link token', fields.link_token)
        keep('hosted link', fields.hosted_link_url)
      }
      for (const token of JSON.stringify(response).match(/public-sandbox-[\w-]+/g) ?? [])
        keep('public token', token)
    },
  }
}

/** Which planted secrets stand in `text`. `link` = the hosted link may stand there: it is the person's to open. */
export function leaksIn(text: string, planted: Planted, keys: readonly string[], link = false): string[] {
  const all = new Map([
    ...planted.seen,
    [planted.clientId, 'client id'],
    [planted.secret, 'API secret'],
    [planted.passphrase, 'passphrase'],
    [planted.accountNumber, 'account number'],
    [planted.routingNumber, 'routing number'],
    [planted.holderName, 'account holder'],
    ...keys.map((key): [string, string] => [key, 'sealing key']),
  ])
  return [...all]
    .filter(([value, name]) => !(link && name === 'hosted link') && text.includes(value))
    .map(([, name]) => name)
}

/** Every byte of every file below, as text. */
export function filesBelow(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

function randomDigits(count: number): string {
  return [...randomBytes(count)].map((byte) => byte % 10).join('')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
