import { connectBank } from '../../tools/connect-bank.ts'
import { callTool, type Session } from '../command.ts'
import { firstFetch } from './first-fetch.ts'
import { endingText, exitCodeOfEnding, followLink } from './follow.ts'

export async function connect(
  session: Session,
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): Promise<number> {
  const { kind, label, person, replaces } = options
  const given = Object.entries({ kind, label, person, replaces }).filter(([, value]) => value !== undefined)
  const link = await callTool(connectBank, Object.fromEntries(given), session)
  session.tell(`Log in at your bank here:\n\n  ${link.url}\n`)
  const ending = await followLink(session, link.link_id, options.keep === true)
  const { outcome, institution, result } = ending
  const finish = `coffer-mcp call check_connection '{"link_id":"${link.link_id}","wait_seconds":15}'`
  const text =
    outcome === 'connected'
      ? `${institution ?? 'The bank'} is connected.`
      : endingText(ending, link.expires_at, outcome === 'stopped' ? finish : 'coffer-mcp connect')
  session.print(session.json ? JSON.stringify({ url: link.url, ...result, outcome }, null, 2) : text)
  const itemId = outcome === 'connected' ? result.connection?.item_id : undefined
  const unfetched = itemId === undefined ? null : await firstFetch(session, [itemId])
  if (unfetched !== null) session.tell(unfetched)
  return exitCodeOfEnding(ending)
}
