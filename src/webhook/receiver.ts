import { createHash } from 'node:crypto'
import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Environment } from '../model.ts'
import type { Secret } from '../secret.ts'
import type { NewInboxEntry, Store } from '../store/store.ts'
import { singleHeader } from './headers.ts'
import type { WriteInbox } from './inbox-writer.ts'
import { readJws } from './jws.ts'
import { type Meaning, meaningOf } from './meaning.ts'
import { createRelayCheck } from './relay.ts'
import type { Tally } from './tally.ts'
import type { Proof, Verdict, Verify } from './verify.ts'

export interface ReceiverDeps {
  readonly store: Pick<Store, 'connections'>
  readonly environment: Environment
  readonly forwardSecret: Secret | null
  readonly trustForwarder: boolean
  readonly verify: Verify
  readonly write: WriteInbox
  readonly tally: Tally
  readonly now: () => number
  readonly log: Log
}

export interface Received {
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** The status to answer with: 200 once everything that is to be kept is on the disk. Never rejects. */
export type Receive = (received: Received) => Promise<200 | 401 | 503>

export function createReceiver(deps: ReceiverDeps): Receive {
  const { tally, log } = deps
  const judge = createJudge(deps)

  return async (received) => {
    let isSigned = false
    try {
      const verdict = await judge(received)
      if (!verdict.ok) {
        tally.refused(401, verdict.why, verdict.byPlaid)
        return 401
      }
      isSigned = true
      await keep(deps, verdict.proof, received.body)
      tally.accepted()
      return 200
    } catch (error) {
      // Nothing is said about the sender: Plaid is to come again.
      const code = codeOf(error)
      if (code === 'INTERNAL') log.error('webhook.fault')
      tally.refused(503, code.toLowerCase(), isSigned)
      return 503
    }
  }
}

type Judgement = Verdict | { readonly ok: false; readonly why: 'relay'; readonly byPlaid: false }

/** A relay's secret, where there is one, and Plaid's signature; or the secret alone, where that is to suffice. */
function createJudge({ forwardSecret, trustForwarder, verify, now }: ReceiverDeps) {
  const isFromRelay = forwardSecret === null ? null : createRelayCheck(forwardSecret)

  return async ({ rawHeaders, body }: Received): Promise<Judgement> => {
    const jws = singleHeader(rawHeaders, 'plaid-verification') ?? ''
    const relayed = isFromRelay?.(singleHeader(rawHeaders, 'x-webhook-forward-secret'))
    if (relayed === false) return { ok: false, why: 'relay', byPlaid: false }
    if (relayed === true && trustForwarder) return { ok: true, proof: relayedProof(jws, body, now()) }
    return await verify(jws, body)
  }
}

/** The relay has checked the signature; what it passed on of it tells when Plaid sent this, if it fits. */
function relayedProof(jws: string, body: Buffer, now: number): Proof {
  const bodyHash = sha256(body)
  const read = readJws(jws)
  const fits =
    read !== null && read.claims.bodyHash.toString('hex') === bodyHash && read.claims.iat * 1000 <= now
  if (fits) return { kid: read.kid, iat: read.claims.iat, bodyHash }
  return { kid: 'relay', iat: Math.floor(now / 1000), bodyHash }
}

/** Keeps what is ours of a webhook that is Plaid's; resolves when it is on the disk. */
async function keep(deps: ReceiverDeps, proof: Proof, body: Buffer): Promise<void> {
  const { name, meaning } = meaningOf(parsed(body))
  const told = await oursOf(deps, meaning)
  if (typeof told === 'string') {
    deps.log.info('webhook.dropped', { why: told, webhook: name })
    return
  }
  const added = await deps.write(entriesOf(told, proof, deps.now()))
  deps.log.debug('webhook.stored', { webhook: name, added })
}

type Told = Exclude<Meaning, string>

/** What is for us, else why not. The signature names no audience: another customer's webhook is just as genuine. */
async function oursOf({ store, environment }: ReceiverDeps, meaning: Meaning): Promise<Told | string> {
  if (typeof meaning === 'string') return meaning
  const { itemId } = meaning
  if ((meaning.environment ?? environment) !== environment) return 'other_environment'
  if (itemId === null) return meaning
  const connection = await store.connections.find(itemId)
  if (connection === null) return 'unknown_item'
  return connection.environment === environment ? meaning : 'other_environment'
}

function entriesOf({ itemId, events }: Told, { kid, iat, bodyHash }: Proof, now: number): NewInboxEntry[] {
  const sentAt = new Date(iat * 1000).toISOString()
  const receivedAt = new Date(now).toISOString()
  return events.map((event, index) => ({
    itemId,
    event,
    sentAt,
    receivedAt,
    // Of what is signed, not of how the signature is spelt: it has more than one valid spelling.
    digest: sha256(`${kid}|${iat}|${bodyHash}|${index}`),
  }))
}

/** Undefined for what is no JSON in UTF-8. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    return undefined
  }
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
