import type { App } from '../../app.ts'
import type { z } from 'zod'
import { isCofferError } from '../../errors.ts'
import { byForce, startReauth } from '../../tools/start-reauth.ts'
import { callTool, exitCodes, type Session } from '../command.ts'
import { type Changes, changesOf, type Known, showChanges } from '../show/changes.ts'
import { firstFetch } from './first-fetch.ts'
import { type Ending, endingText, exitCodeOfEnding, followLink } from './follow.ts'
import { pickConnection, workingLogins } from './pick.ts'

type Options = Readonly<Record<string, string | number | boolean | undefined>>

export async function reauth(session: Session, options: Options): Promise<number> {
  const itemId = typeof options.itemId === 'string' ? options.itemId : await pickConnection(session)
  if (itemId === null) {
    session.tell('Nothing was changed.')
    return exitCodes.refused
  }
  const args = argsOf(itemId, options)
  const link = await linkOrCount(session, args)
  if (typeof link === 'number') {
    session.print(allWork(link, session.json))
    return exitCodes.ok
  }
  if (link.link_id === undefined) {
    session.print(session.json ? JSON.stringify(link, null, 2) : withoutLink(link))
    return link.already_active ? exitCodes.ok : exitCodes.failure
  }
  const app = await session.opened.app()
  await mustBeReachable(app, link.item_id)
  const before = await known(app, link.item_id)
  session.tell(`Renew the login at ${link.institution} here:\n\n  ${link.url}\n`)
  const ending = await followLink(session, link.link_id)
  if (ending.outcome === 'repaired') await tellRepaired(session, app, { link, ending, before })
  else session.print(session.json ? toJson(link, ending) : failureText(link, ending))
  return exitCodeOfEnding(ending)
}

interface Repaired {
  readonly link: Link
  readonly ending: Ending
  readonly before: Known
}

/** Mended the login is whatever comes of the fetch that brings the new accounts: at a terminal that is said before it. */
async function tellRepaired(session: Session, app: App, { link, ending, before }: Repaired): Promise<void> {
  if (!session.json) session.print(`${link.institution} works again; Plaid has confirmed it.`)
  const unfetched = await firstFetch(session, [link.item_id], 0)
  const changes = changesOf(before, await known(app, link.item_id))
  session.print(session.json ? toJson(link, ending, changes) : showChanges(changes).join('\n'))
  if (unfetched !== null) session.tell(unfetched)
}

/** A link that is open already is given out without asking Plaid: without this, waiting for it could be in vain. */
async function mustBeReachable({ connections }: App, itemId: string): Promise<void> {
  await connections.health.check(itemId, undefined, { forRepair: true }).catch((error: unknown) => {
    if (!isCofferError(error, 'PLAID_RATE_LIMITED')) throw error
  })
}

function argsOf(itemId: string | undefined, options: Options) {
  return {
    ...(itemId === undefined ? {} : { item_id: itemId }),
    add_accounts: options.addAccounts === true,
    add_products:
      typeof options.addProducts === 'string'
        ? options.addProducts.split(',').map((name) => name.trim())
        : [],
    force: options.force === true,
  }
}

/** The tool's answer; or how many logins there are, when none was named and Plaid has just confirmed them all. */
async function linkOrCount(session: Session, args: ReturnType<typeof argsOf>): Promise<Link | number> {
  const { now } = await session.opened.app()
  const since = now()
  try {
    return await callTool(startReauth, args, session)
  } catch (error) {
    const isUnclear = isCofferError(error, 'ITEM_ID_NEEDED') && !asksForOne(args)
    const working = isUnclear ? await workingLogins(session, since) : null
    if (working === null) throw error
    return working
  }
}

function asksForOne({ item_id: itemId, ...more }: ReturnType<typeof argsOf>): boolean {
  return itemId !== undefined || more.add_accounts || more.add_products.length > 0 || more.force
}

function allWork(count: number, json: boolean): string {
  const text = `All ${count} logins work; Plaid has just confirmed it. There is nothing to repair.\nTo renew one all the same, name it: coffer-mcp reauth --item-id <item_id> --force; coffer-mcp list has the item_ids.`
  return json ? JSON.stringify({ already_active: true, next_step: { text } }, null, 2) : text
}

type Link = z.output<typeof startReauth.output>

/** The tool's words, with the command that a person at a terminal has for it. */
function withoutLink({ next_step, item_id: itemId }: Link): string {
  return next_step.text.replace(byForce, `run coffer-mcp reauth --item-id ${itemId} --force`)
}

async function known({ connections, store }: App, itemId: string): Promise<Known> {
  return { connection: await connections.find(itemId), accounts: await store.accounts.list(itemId) }
}

function toJson({ url }: Link, { outcome, result }: Ending, changes?: Changes): string {
  return JSON.stringify({ url, ...result, outcome, ...(changes === undefined ? {} : { changes }) }, null, 2)
}

function failureText({ item_id: itemId, expires_at: expiresAt = '' }: Link, ending: Ending): string {
  return endingText(ending, expiresAt, `coffer-mcp reauth --item-id ${itemId}`)
}
