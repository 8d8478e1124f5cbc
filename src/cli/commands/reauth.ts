import { isCancel, select } from '@clack/prompts'
import type { Connection } from '../../model.ts'
import { startReauth } from '../../tools/start-reauth.ts'
import { callTool, exitCodes, type Session } from '../command.ts'
import { exitCodeOfEnding, followLink } from './follow.ts'

export async function reauth(
  session: Session,
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): Promise<number> {
  const itemId = typeof options.itemId === 'string' ? options.itemId : await pick(session)
  if (itemId === null) return exitCodes.refused
  const args = {
    ...(itemId === undefined ? {} : { item_id: itemId }),
    add_accounts: options.addAccounts === true,
    add_products: typeof options.addProducts === 'string' ? options.addProducts.split(',') : [],
    force: options.force === true,
  }
  const link = await callTool(startReauth, args, session)
  if (link.link_id === undefined) {
    session.print(session.json ? JSON.stringify(link, null, 2) : link.next_step.text)
    return exitCodes.ok
  }
  session.tell(`Renew the login at ${link.institution} here:\n\n  ${link.url}\n`)
  const ending = await followLink(session, link.link_id, false)
  session.print(session.json ? JSON.stringify({ url: link.url, ...ending.result }, null, 2) : ending.text)
  return exitCodeOfEnding(ending)
}

/** At a terminal the person picks; elsewhere the tool's own default holds (the only one that needs it). */
async function pick(session: Session): Promise<string | null | undefined> {
  if (!session.interactive) return undefined
  const app = await session.opened.app()
  const all = await app.store.connections.list()
  if (all.length < 2) return undefined
  const chosen = await select({ message: 'Which login?', options: all.map(choice) })
  return isCancel(chosen) ? null : chosen
}

function choice({ itemId, institution, label, status, reason }: Connection) {
  const name = label === null ? institution : `${institution} (${label})`
  return { value: itemId, label: `${name}: ${status}`, ...(reason === null ? {} : { hint: reason }) }
}
