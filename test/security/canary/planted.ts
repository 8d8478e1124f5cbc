import { createHash } from 'node:crypto'
import type { Exchange } from '../../../src/simulator/index.ts'

/** Secrets that must never be seen anywhere but where they belong; each is looked for in everything that leaves. */
export interface Planted {
  readonly clientId: string
  readonly secret: string
  readonly passphrase: string
  readonly relaySecret: string
  /** A proof of Plaid's, as a relay or a log of requests may have it. */
  readonly jwt: string
  readonly accountNumber: string
  readonly routingNumber: string
  readonly holderName: string
  /** Somebody gives a token to a tool or a command where it does not belong: they get it back, and no log has it. */
  readonly given: string
  /** Gathered from what Plaid answers: tokens, and the page that a link token opens. */
  readonly seen: Map<string, string>
  /** The sealing keys so far, as their file has them. */
  readonly keys: Set<string>
  onExchange(exchange: Exchange): void
  /** Everything that was planted so far, with what it is. */
  all(): ReadonlyMap<string, string>
}

/** The same for one seed, but for what the simulator makes. */
export function plant(seed: string): Planted {
  const hex = (what: string, length: number) =>
    createHash('sha256').update(`${seed} ${what}`).digest('hex').slice(0, length)
  const digits = (what: string, count: number) =>
    [...createHash('sha256').update(`${seed} ${what}`).digest()]
      .slice(0, count)
      .map((byte) => byte % 10)
      .join('')
  const fixed = {
    clientId: `client${hex('client', 24)}`,
    secret: `secret${hex('secret', 24)}`,
    passphrase: `correct horse ${hex('passphrase', 32)}`,
    relaySecret: `relay+/${hex('relay', 32)}`,
    jwt: `eyJ${hex('head', 40)}.eyJ${hex('claims', 60)}.${hex('signature', 64)}${hex('more', 22)}`,
    accountNumber: `900${digits('account', 9)}`,
    routingNumber: `011${digits('routing', 6)}`,
    given: `access-production-${hex('given', 36)}`,
    holderName: `Holder ${hex('holder', 32)}`,
  }
  const seen = new Map<string, string>()
  const keys = new Set<string>()
  const keep = (name: string, value: unknown) => {
    if (typeof value === 'string' && value !== '') seen.set(value, name)
  }
  return {
    ...fixed,
    seen,
    keys,
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
    all: () =>
      new Map([
        ...seen,
        [fixed.clientId, 'client id'],
        [fixed.secret, 'API secret'],
        [fixed.passphrase, 'passphrase'],
        [fixed.relaySecret, "relay's secret"],
        [fixed.jwt, 'JWT'],
        [fixed.accountNumber, 'account number'],
        [fixed.routingNumber, 'routing number'],
        [fixed.holderName, 'account holder'],
        [fixed.given, 'what was given'],
        ...[...keys].map((key): [string, string] => [key, 'sealing key']),
      ]),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
