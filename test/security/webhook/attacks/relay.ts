import { having, type HttpRequest } from '../request.ts'
import type { Attack, Attacks } from './attack.ts'

export const relaySecret = 'a-Made-Up-relay-secret'
const name = 'X-Webhook-Forward-Secret'

const wrong: readonly [what: string, ...secrets: string[]][] = [
  ['no secret'],
  ['an empty secret', ''],
  ['another secret', 'another-made-up-secret'],
  ['the secret twice', relaySecret, relaySecret],
  ['the secret before another', relaySecret, 'x'],
  ['the secret after another', 'x', relaySecret],
  ['the secret and a comma', `${relaySecret}, ${relaySecret}`],
  ['the beginning of the secret', relaySecret.slice(0, -1)],
  ['more than the secret', `${relaySecret}x`],
  ['a secret of 6 KB', relaySecret.repeat(280)],
  ['the secret in small letters', relaySecret.toLowerCase()],
  ['the secret in capitals', relaySecret.toUpperCase()],
  ['the secret in quotes', `"${relaySecret}"`],
  ['the word null', 'null'],
  ['the word undefined', 'undefined'],
]

/** Where a relay's secret is agreed on, Plaid's proof alone is not enough. */
export const relayAttacks: Attacks = wrong.map(([what, ...secrets]) => ({
  name: `Plaid's proof with ${what}`,
  status: 401,
  why: 'the relay is asked for both',
  make: (plaid) => having(plaid.request(), name, ...secrets),
}))

function relayed(what: string, change: (request: HttpRequest) => HttpRequest, status = 401): Attack {
  return {
    name: `the relay's secret with ${what}`,
    status,
    why: 'the relay is asked for both',
    stored: status === 200 ? 1 : 0,
    make: (plaid) => having(change(plaid.request()), name, relaySecret),
  }
}

export const unprovedRelayAttacks: Attacks = [
  relayed("Plaid's proof", (request) => request, 200),
  relayed('no proof', (request) => having(request, 'Plaid-Verification')),
  relayed('junk for a proof', (request) => having(request, 'Plaid-Verification', 'x.y.z')),
  relayed('a proof of other bytes', (request) => ({
    ...request,
    body: Buffer.from(request.body.toString().replace('item-1', 'item-2')),
  })),
  relayed('a web page', (request) => having(request, 'Origin', 'https://evil.example'), 403),
]

/** Where the relay is trusted, its secret is all there is: whoever has not got it gets nowhere. */
export const trustedRelayAttacks: Attacks = [
  ...relayAttacks.map((attack) => ({ ...attack, why: 'only the relay is believed' })),
  ...wrong.map(
    ([what, ...secrets]): Attack => ({
      name: `a forged webhook with ${what}`,
      status: 401,
      why: 'only the relay is believed',
      make: (plaid) => having(having(plaid.request(), 'Plaid-Verification', 'x.y.z'), name, ...secrets),
    }),
  ),
]
