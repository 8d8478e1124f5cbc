import { checkConnection } from '../../tools/check-connection.ts'
import { callTool, exitCodes, type Session } from '../command.ts'

type Ending = { outcome: string; text: string; result: object }

/** Waits for the person in the Link page, until the link has an end. */
export async function followLink(session: Session, linkId: string, keep: boolean): Promise<Ending> {
  session.progress('Waiting for you to finish in the browser')
  for (let first = true; ; first = false) {
    const args = { link_id: linkId, wait_seconds: 15, keep: keep && !first }
    const result = await callTool(checkConnection, args, session)
    if (result.outcome === 'duplicate' && keep && first) continue
    if (result.outcome === 'pending') continue
    return { outcome: result.outcome, text: endingOf(result.outcome, result.connection?.institution), result }
  }
}

function endingOf(outcome: string, institution = 'The bank'): string {
  switch (outcome) {
    case 'connected':
      return `${institution} is connected.`
    case 'repaired':
      return `${institution} works again; Plaid has confirmed it.`
    case 'duplicate':
      return `${institution} is connected already with this login, so nothing new was made. Use --keep to connect it a second time.`
    case 'exited':
      return 'The page was left before the end. Run the command again to go on.'
    case 'link_expired':
      return 'The link has expired. Run the command again for a new one.'
    default:
      return `${institution} is ${outcome}.`
  }
}

export function exitCodeOfEnding({ outcome }: Ending): number {
  if (outcome === 'connected' || outcome === 'repaired') return exitCodes.ok
  return outcome === 'exited' ? exitCodes.refused : exitCodes.failure
}
