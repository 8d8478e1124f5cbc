import type { z } from 'zod'
import { type CofferError, sentencesOf } from '../../errors.ts'
import { checkConnection } from '../../tools/check-connection.ts'
import { callTool, exitCodes, type Session } from '../command.ts'
import { startWaiting, type Waiting } from '../waiting.ts'

export interface Ending {
  /** How the link ended; `stopped` when the person stopped waiting for it. */
  readonly outcome: string
  readonly institution: string | null
  /** What check_connection said last. */
  readonly result: z.output<typeof checkConnection.output>
}

/**
 * Waits for the person in the Link page until the link has an end, or the person stops waiting by Ctrl-C.
 * @throws CofferError once Plaid refuses to say how the link stands, such as PLAID_KEYS_REJECTED
 */
export async function followLink(session: Session, linkId: string, keep = false): Promise<Ending> {
  // First of all: whoever has just seen the link may press Ctrl-C.
  const waiting = startWaiting(session, 'Waiting for you to finish in the browser')
  try {
    const { store, connections } = await session.opened.app()
    const wasLeft = (await store.links.find(linkId))?.exited ?? false
    const problem = () => connections.watcher.problemOf(linkId)
    return await follow({ session, linkId, keep, wasLeft, waiting, problem })
  } finally {
    waiting.end()
  }
}

interface Following {
  readonly session: Session
  readonly linkId: string
  /** A login that is connected already is to be connected again. */
  readonly keep: boolean
  /** The page was left before this command began. */
  readonly wasLeft: boolean
  readonly waiting: Waiting
  /** What keeps Plaid from being asked about the link. */
  readonly problem: () => CofferError | null
}

async function follow({ session, linkId, keep, wasLeft, waiting, problem }: Following): Promise<Ending> {
  const { signal } = waiting
  const quiet = { ...session, progress: () => undefined }
  const ask = (again: boolean) =>
    callTool(checkConnection, { link_id: linkId, wait_seconds: 15, keep: again }, quiet, signal)
  let left = wasLeft
  let kept = false
  let isTold = false
  for (;;) {
    const result = await ask(kept)
    const { outcome, connection } = result
    const institution = connection?.institution ?? null
    const isOpen = outcome === 'pending' || outcome === 'exited'
    const mayKeep = outcome === 'duplicate' && keep && !kept
    if (!isOpen && !mayKeep) return { outcome, institution, result }
    if (signal.aborted) return { outcome: 'stopped', institution, result }
    const trouble = isOpen ? problem() : null
    mustPass(trouble)
    if (trouble !== null && !isTold) waiting.say(`It is not known yet how it went. ${sentencesOf(trouble)}`)
    isTold = trouble !== null
    if (outcome === 'exited' && !left) waiting.say(leftText)
    left = outcome === 'exited'
    if (mayKeep) kept = true
  }
}

/** Waiting is in vain while Plaid refuses to be asked, and the network comes back by itself. */
function mustPass(problem: CofferError | null): void {
  if (problem !== null && !problem.retryable) throw problem
}

const leftText =
  'The page was left before the end. The same link can be opened again until it expires; Ctrl-C stops waiting.'

export function exitCodeOfEnding({ outcome }: Ending): number {
  if (outcome === 'connected' || outcome === 'repaired') return exitCodes.ok
  return outcome === 'stopped' ? exitCodes.refused : exitCodes.failure
}

/** For a link that came to no good end; `again` is the command that makes the next one. */
export function endingText(
  { outcome, institution, result }: Ending,
  expiresAt: string,
  again: string,
): string {
  const bank = institution ?? 'The bank'
  switch (outcome) {
    case 'stopped':
      return `Stopped waiting. The link still works until ${timeOf(expiresAt)}, and a running copy of Coffer finishes it in the background. Without one run ${again} once more.`
    case 'duplicate':
      return `${bank} is connected already with this login, so nothing new was made. Use --keep to connect it a second time.`
    case 'link_expired':
      return [result.next_step?.text, `Run ${again} for that.`].join(' ')
    default:
      return `${bank} is ${outcome}.`
  }
}

function timeOf(time: string): string {
  return new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}
