import { having } from '../request.ts'
import type { Attack, Attacks } from './attack.ts'

const notUs = [403, 'a name that leads here is not enough: it must be ours'] as const
const noHost = [400, 'it is no Host'] as const
const ours = [200, 'it is our name; tunnels change the port'] as const

function hosted(hosts: readonly string[], [status, why]: readonly [number, string]): Attack {
  const stored = status === 200 ? 1 : 0
  const name =
    hosts.length === 0 ? 'no Host' : `Host ${hosts.map((host) => JSON.stringify(host)).join(' and ')}`
  return { name, status, why, stored, make: (plaid) => having(plaid.request(), 'Host', ...hosts) }
}

function beside(name: string, values: readonly string[], [status, why]: readonly [number, string]): Attack {
  const stored = status === 200 ? 1 : 0
  const told = `${name} ${values.map((value) => JSON.stringify(value)).join(' and ')}`
  return { name: told, status, why, stored, make: (plaid) => having(plaid.request(), name, ...values) }
}

const strangers = [
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.example:8765',
  'tunnel.example.evil.example',
  'xtunnel.example',
  'www.tunnel.example',
  'tunnel.example.',
  'localhost.',
  '127.1',
  '127.0.0.2',
  '0.0.0.0',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '[::]',
  '10.0.0.1',
  'rebound.evil.example:80',
  '7f000001.rbndr.example',
  'metadata.internal',
]
const nonsense = [
  'a b',
  'evil.example@127.0.0.1',
  '127.0.0.1/x',
  '127.0.0.1:x',
  '127.0.0.1:99999',
  '127.0.0.1#',
  '[::ffff:127.0.0.1]',
  '127.0.0.1?',
  '[::1',
  '\u00ffocalhost',
]
const web = [403, 'no web page has any business here'] as const
const unread = [200, 'nobody asked for it, and nobody reads it'] as const

export const hostAttacks: Attacks = [
  ...strangers.map((host) => hosted([host], notUs)),
  ...nonsense.map((host) => hosted([host], noHost)),
  hosted([''], noHost),
  hosted([], noHost),
  hosted(['127.0.0.1', 'evil.example'], notUs),
  hosted(['evil.example', '127.0.0.1'], notUs),
  hosted(['127.0.0.1', '127.0.0.1'], notUs),
  hosted(['127.0.0.1, evil.example'], noHost),
  hosted(['localhost:1'], ours),
  hosted(['LOCALHOST'], ours),
  hosted(['[::1]:8765'], ours),
  hosted(['Tunnel.Example'], ours),
  ...['https://evil.example', 'http://127.0.0.1:8765', 'https://tunnel.example', 'null', ''].map((origin) =>
    beside('Origin', [origin], web),
  ),
  beside('Origin', ['https://evil.example', 'null'], web),
  beside('X-Forwarded-Host', ['evil.example'], unread),
  beside('Forwarded', ['host=evil.example;for=127.0.0.1'], unread),
  beside('X-Forwarded-For', ['127.0.0.1'], unread),
]
