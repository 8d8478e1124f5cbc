import type { Config } from '../../config.ts'
import { type Delivering, deliveringOf } from '../../jobs/addresses.ts'
import { errorCodes, isErrorCode } from '../../errors.ts'
import type { Connection, LeaderNote, WebhookDelivery } from '../../model.ts'
import { webhookPath } from '../../webhook-path.ts'
import type { Finding } from '../doctor/finding.ts'

export interface Leading {
  /** Some copy has the leader's lock. */
  readonly isLed: boolean
  /** What it says of itself; null when it has not said anything yet. */
  readonly note: LeaderNote | null
  /** Where Plaid is to send webhooks; null: it is left alone. */
  readonly wanted: string | null
}

/** Who leads, and whether anybody listens for webhooks. */
export function leaderOf({ isLed, note, wanted }: Leading, config: Config): Finding[] {
  const leader = { check: 'leader', ok: true, says: leaderSays(isLed, note) }
  return [leader, { check: 'webhooks', ...listeningOf({ isLed, note, wanted }, config) }]
}

function leaderSays(isLed: boolean, note: LeaderNote | null): string {
  if (!isLed) return 'no other copy is running'
  return note === null
    ? 'another copy is running and leads'
    : `another copy is running and leads (process ${note.pid}, since ${note.since})`
}

function listeningOf({ isLed, note, wanted }: Leading, config: Config): Omit<Finding, 'check'> {
  // Without an address Plaid sends nothing, so it does not matter that nobody listens.
  const ok = wanted === null
  if (!isLed)
    return {
      ok,
      says: `nobody listens, since no copy is running${ok ? checksInstead(config) : ''}`,
      ...(!ok && { fix: 'Start Claude or another client with Coffer, or coffer-mcp listen.' }),
    }
  if (note === null) return { ok: true, says: 'the copy that leads has just started' }
  if (note.port !== null) return { ok: true, says: listeningAt(note.port, wanted, config) }
  if (note.problem !== null) return cannotListen(note.problem, ok ? checksInstead(config) : null)
  return {
    ok,
    says: `nobody listens: COFFER_LISTEN is off where the leader runs${ok ? checksInstead(config) : ''}`,
    ...(!ok && { fix: 'Take COFFER_LISTEN=off away from one copy, or run coffer-mcp listen without it.' }),
  }
}

function listeningAt(port: number, wanted: string | null, config: Config): string {
  const address = `listening on http://127.0.0.1:${port}${webhookPath}`
  return wanted === null ? `${address}; COFFER_WEBHOOK_URL is not set${checksInstead(config)}` : address
}

function checksInstead({ checkMinutes }: Config): string {
  return `; while a copy runs, each login is checked every ${checkMinutes} min`
}

/** `instead`: what is done without webhooks; null where they are wanted, and nobody listening is a fault. */
function cannotListen(problem: string, instead: string | null): Omit<Finding, 'check'> {
  const taken = problem === 'PORT_TAKEN'
  const says = `nobody listens: ${taken ? 'another program has the port' : explained(problem)}`
  if (instead !== null) return { ok: true, says: `${says}${instead}` }
  return {
    ok: false,
    says,
    fix: taken
      ? 'End that program, or set COFFER_PORT to another port and let your tunnel lead there. It is tried again every few seconds.'
      : 'It is tried again every few seconds.',
  }
}

/** Settings that contradict each other. */
export function settingsOf({ webhookUrl, listener }: Config): Finding[] {
  if (webhookUrl === null) return []
  const findings: Finding[] = []
  const { pathname } = new URL(webhookUrl)
  if (pathname !== webhookPath && (listener === null || listener.forwardSecret === null))
    findings.push({
      check: 'COFFER_WEBHOOK_URL',
      ok: false,
      says: `ends in ${pathname}, and the listener answers at ${webhookPath} alone`,
      fix: `End it with ${webhookPath}, unless a relay of yours leads there; then set PLAID_WEBHOOK_FORWARD_SHARED_SECRET.`,
    })
  if (listener === null)
    findings.push({
      check: 'COFFER_LISTEN',
      ok: true,
      says: 'off here, though COFFER_WEBHOOK_URL is set: another copy has to listen, such as coffer-mcp listen',
    })
  return findings
}

/** Where Plaid sends webhooks about one connection; nothing when it need not send any. */
export function deliveryOf(
  { institution }: Connection,
  delivery: WebhookDelivery | undefined,
  wanted: string | null,
  now: number,
): Finding[] {
  const found = wordsFor(deliveringOf(delivery, wanted, now), wanted)
  return found === null ? [] : [{ check: `${institution}, webhooks`, ...found }]
}

function wordsFor(delivering: Delivering, wanted: string | null): Omit<Finding, 'check'> | null {
  const { state, url } = delivering
  const sends = url === null ? 'Plaid sends none yet' : `Plaid sends them to ${url}`
  switch (state) {
    case 'not_wanted':
      return url === null ? null : { ok: true, says: sends }
    case 'told':
      return { ok: true, says: sends }
    case 'to_tell':
      return { ok: true, says: `${sends}; the leader will tell it to send to ${wanted}` }
    case 'missed':
      return {
        ok: false,
        says: `${sends}, but ${delivering.missed.code} of ${delivering.missed.sentAt} did not arrive here`,
        fix: 'Look at the tunnel or relay: whether it is up, leads to COFFER_PORT, and passes on the body unchanged.',
      }
    case 'refused':
      return {
        ok: false,
        says: `${sends}; it could not be told to send to ${wanted}: ${explained(delivering.code)}`,
        fix: 'It is tried again by itself while a copy runs, half an hour from now at the latest.',
      }
  }
}

function explained(code: string): string {
  return isErrorCode(code) ? `${code}: ${errorCodes[code]}` : code
}
