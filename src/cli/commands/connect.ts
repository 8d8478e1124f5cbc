import { connectBank } from '../../tools/connect-bank.ts'
import { syncSnapshot } from '../../tools/sync-snapshot.ts'
import { callTool, type Session } from '../command.ts'
import { exitCodeOfEnding, followLink } from './follow.ts'

export async function connect(
  session: Session,
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): Promise<number> {
  const { kind, label, person, replaces } = options
  const given = Object.entries({ kind, label, person, replaces }).filter(([, value]) => value !== undefined)
  const link = await callTool(connectBank, Object.fromEntries(given), session)
  session.tell(`Log in at your bank here:\n\n  ${link.url}\n`)
  const ending = await followLink(session, link.link_id, options.keep === true)
  if (ending.outcome === 'connected') {
    // The first fetch ends with this process, so it is waited for.
    session.progress('Fetching what the bank has')
    await callTool(syncSnapshot, {}, session)
  }
  session.print(session.json ? JSON.stringify({ url: link.url, ...ending.result }, null, 2) : ending.text)
  return exitCodeOfEnding(ending)
}
