import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import type { Finding } from './finding.ts'

/** `FREE`, or why this port of the machine cannot be had: EADDRINUSE, EACCES. */
export type Occupied = (port: number) => Promise<string>

/** The ports that are set. `listening`: the one on which the leader takes webhooks, or null. */
export async function portsOf(
  { listener, pagesPort, webhookUrl }: Config,
  listening: number | null,
  occupied: Occupied = occupiedHere,
): Promise<Finding[]> {
  const findings: Finding[] = []
  if (listener !== null && listener.port !== 0 && listener.port !== listening)
    findings.push(webhookPort(listener.port, await occupied(listener.port), webhookUrl !== null))
  if (pagesPort !== 0) findings.push(pages(pagesPort, await occupied(pagesPort)))
  return findings
}

function webhookPort(port: number, state: string, isNeeded: boolean): Finding {
  const check = `port ${port}`
  if (state === 'FREE') return { check, ok: true, says: 'free, for webhooks' }
  return {
    check,
    ok: !isNeeded,
    says: `${reasonOf(state)}; webhooks would come here`,
    ...(isNeeded && {
      fix: 'End that program, or set COFFER_PORT to another port and let your tunnel lead there.',
    }),
  }
}

/** Another copy has it as a rule, and who cannot have it takes a free one. */
function pages(port: number, state: string): Finding {
  const says =
    state === 'FREE' ? 'free, for the local pages' : `${reasonOf(state)}: local pages take a free one`
  return { check: `port ${port}`, ok: true, says }
}

function reasonOf(state: string): string {
  if (state === 'EADDRINUSE') return 'in use, by another copy or another program'
  return state === 'EACCES' ? 'not allowed for this user' : `cannot be had (${state})`
}

/** Tries it for a moment. */
async function occupiedHere(port: number): Promise<string> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return 'FREE'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  } finally {
    server.close()
  }
}
