import { syncSnapshot } from '../../tools/sync-snapshot.ts'
import { callTool, describe, type Session } from '../command.ts'

/**
 * Fetches what was just connected, which ends with this process and is therefore waited for. Connected it is whatever
 * comes of that: returned is what to say of a failure, or null.
 */
export async function firstFetch(session: Session): Promise<string | null> {
  session.progress('Fetching what is there')
  try {
    await callTool(syncSnapshot, {}, session)
    return null
  } catch (error) {
    return `What the bank has could not be fetched yet; coffer-mcp sync does it later.\n${describe(error)}`
  }
}
