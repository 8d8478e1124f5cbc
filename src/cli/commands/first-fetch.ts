import type { SourceState } from '../../sync/index.ts'
import { needsAttention, nextStepText } from '../../tools/next-step.ts'
import { sourceView } from '../../tools/views.ts'
import { describe, type Session } from '../command.ts'

/**
 * Fetches what was just connected or mended, which ends with this process and is therefore waited for. Connected or
 * mended it is whatever comes of that: returned is what to say of a failure, or null.
 * @param maxAgeMinutes 0 = although it was fetched a moment ago
 */
export async function firstFetch(
  session: Session,
  itemIds: readonly string[],
  maxAgeMinutes = 60,
): Promise<string | null> {
  session.progress('Fetching what the bank has')
  try {
    const { sync } = await session.opened.app()
    const fetching = itemIds.map((itemId) => sync.read({ days: 30, maxAgeMinutes, itemId }))
    const sources = (await Promise.all(fetching)).flatMap((reading) => reading.sources)
    const failures = sources.flatMap(failureText)
    return failures.length === 0 ? null : failures.join('\n')
  } catch (error) {
    return `${notFetched('the bank')}\n${describe(error)}`
  }
}

function failureText(state: SourceState): string[] {
  const { connection } = state
  const { error } = sourceView(state, true)
  if (error === undefined) return []
  const step = needsAttention(connection) ? [nextStepText(connection, true) ?? ''] : []
  return [notFetched(connection.institution), `${error.code}: ${error.text}`, ...step]
}

function notFetched(institution: string): string {
  return `What ${institution} has could not be fetched yet; coffer-mcp sync does it later.`
}
