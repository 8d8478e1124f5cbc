import { randomBytes } from 'node:crypto'
import { answerToChallenge, challengeAnswerHeader, challengeHeader } from '../../webhook-challenge.ts'
import type { Finding } from './finding.ts'

export interface Reach {
  /** What Plaid is told. */
  readonly url: string
  readonly databaseId: string
  /** The owner's relay stands before it: it may answer by itself, and pass on nothing of ours. */
  readonly hasRelay: boolean
}

const check = 'webhook address'
const patienceMs = 8_000

/** Whether the public address leads to the listener of this data directory: asked as Plaid would, without a signature. */
export async function reachOf({ url, databaseId, hasRelay }: Reach): Promise<Finding> {
  const challenge = randomBytes(16).toString('hex')
  try {
    const { status, headers } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [challengeHeader]: challenge },
      body: '{}',
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    })
    const answer = headers.get(challengeAnswerHeader)
    if (answer === answerToChallenge(databaseId, challenge))
      return { check, ok: true, says: `${url} leads here` }
    if (answer !== null) return { ...elsewhere, says: `${url} leads to another data directory of Coffer` }
    return hasRelay ? behindRelay(url, status) : stranger(url, status)
  } catch (error) {
    return unreachable(url, error)
  }
}

const elsewhere = {
  check,
  ok: false,
  fix: 'Let the tunnel lead to the COFFER_PORT of this one, or set COFFER_WEBHOOK_URL to the address of its own.',
}

function behindRelay(url: string, status: number): Finding {
  return {
    check,
    ok: true,
    says: `a relay answers at ${url} with HTTP ${status}; where it leads cannot be seen from here`,
  }
}

function stranger(url: string, status: number): Finding {
  const fix =
    status === 403
      ? 'Where the tunnel changes the Host header, let it keep the public name, or say localhost.'
      : 'Look at the tunnel: whether it is up, leads to COFFER_PORT, and asks for no login.'
  return {
    check,
    ok: false,
    says: `${url} answers with HTTP ${status}, and not as the listener here does`,
    fix,
  }
}

function unreachable(url: string, error: unknown): Finding {
  const why = reasonOf(error)
  return {
    check,
    ok: false,
    says: `${url} cannot be reached from here${why === null ? '' : ` (${why})`}`,
    fix: 'Look at the tunnel: whether it is up, and whether its name is still the same. Some routers do not let a machine reach itself by its public name; then try it from elsewhere.',
  }
}

function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : null
}
