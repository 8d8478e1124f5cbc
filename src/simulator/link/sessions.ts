import { accountsOf } from '../bank.ts'
import { isoTime } from '../clock.ts'
import type { PlaidErrorCode } from '../failure.ts'
import { institutionOf } from '../institutions.ts'
import { createItem, createPublicToken, renewLogin } from '../items.ts'
import { type Credentials, logIn } from '../logins.ts'
import type { ItemState, LinkState, SessionState } from '../state.ts'
import { queueLinkWebhook } from '../webhooks.ts'
import type { World } from '../world.ts'

/** Each opening of the hosted URL is a session of its own. */
export function openSession(world: World, link: LinkState): SessionState {
  const session: SessionState = {
    sessionId: world.newUuid(),
    startedAt: world.now(),
    finishesAt: null,
    events: [],
    success: null,
    exit: null,
    refusal: null,
  }
  link.sessions.push(session)
  record(world, session, 'OPEN')
  record(world, session, 'TRANSITION_VIEW', {
    view_name: link.itemId === null ? 'SELECT_INSTITUTION' : 'CREDENTIAL',
  })
  return session
}

/** The bank lets the person in, or throws PlaidFailure; in update mode the Item is mended by it. */
export function finishLogin(world: World, link: LinkState, session: SessionState, login: Credentials): void {
  submit(world, session, login.institutionId)
  const item = itemOfLink(world, link)
  const itemId = item?.itemId ?? world.newId()
  logIn(world, itemId, login, link.products)
  if (item === null) addItem(world, link, session, { itemId, ...login })
  else updateItem(world, link, session, item)
  session.refusal = null
  session.finishesAt = world.now() + world.state.settings.finishAfterMs
  record(world, session, 'HANDOFF', institutionFields(login.institutionId))
  announceEnd(world, link, session)
}

/** The bank refused; the person may try again in the same session. */
export function refuseLogin(
  world: World,
  session: SessionState,
  institutionId: string,
  code: PlaidErrorCode,
): void {
  session.refusal = { institutionId, code }
  record(world, session, 'ERROR', { ...institutionFields(institutionId), error_code: code })
}

export function cancelSession(world: World, link: LinkState, session: SessionState): void {
  const { refusal } = session
  session.exit = { institutionId: refusal?.institutionId ?? null, code: refusal?.code ?? null }
  session.finishesAt = world.now()
  record(world, session, 'EXIT', refusal === null ? {} : { error_code: refusal.code })
  announceEnd(world, link, session)
}

/** A session that somebody may still work with. */
export function isOpen(session: SessionState): boolean {
  return session.success === null && session.exit === null
}

export function itemOfLink(world: World, link: LinkState): ItemState | null {
  return world.state.items[link.itemId ?? ''] ?? null
}

/** Plaid's fields for the accounts that a person shared. */
export function sharedAccounts(world: World, item: ItemState) {
  return accountsOf(world, item).map(({ account_id, name, mask, type, subtype }) => ({
    id: account_id,
    name,
    mask,
    type,
    subtype,
    verification_status: null,
    class_type: null,
  }))
}

function addItem(
  world: World,
  link: LinkState,
  session: SessionState,
  login: Credentials & { itemId: string },
): void {
  const { products, consented, webhook, daysRequested } = link
  const offered: readonly string[] = institutionOf(login.institutionId)?.products ?? []
  const item = createItem(world, {
    ...login,
    products,
    consented: consented.filter((product) => offered.includes(product)),
    webhook,
    daysRequested,
  })
  session.success = { itemId: item.itemId, publicToken: createPublicToken(world, item) }
}

function updateItem(world: World, link: LinkState, session: SessionState, item: ItemState): void {
  renewLogin(world, item)
  item.consented = [...new Set([...item.consented, ...link.consented])]
  session.success = { itemId: item.itemId, publicToken: createPublicToken(world, item) }
}

function announceEnd(world: World, link: LinkState, session: SessionState): void {
  const ids = { link_session_id: session.sessionId, link_token: link.linkToken }
  if (link.itemId !== null && !world.state.settings.updateSessionWebhook) return
  const isNew = link.itemId === null
  const public_tokens = isNew && session.success !== null ? [session.success.publicToken] : []
  for (const public_token of public_tokens) {
    const now = { url: link.webhook, at: world.now() }
    queueLinkWebhook(world, now, 'ITEM_ADD_RESULT', { ...ids, public_token })
  }
  const status = session.success === null ? 'EXITED' : 'SUCCESS'
  const end = { url: link.webhook, at: session.finishesAt ?? world.now() }
  queueLinkWebhook(world, end, 'SESSION_FINISHED', { ...ids, status, public_tokens })
}

function submit(world: World, session: SessionState, institutionId: string): void {
  record(world, session, 'SELECT_INSTITUTION', institutionFields(institutionId))
  record(world, session, 'SUBMIT_CREDENTIALS', institutionFields(institutionId))
}

function record(
  world: World,
  session: SessionState,
  name: string,
  fields: Record<string, string> = {},
): void {
  session.events.unshift({
    event_name: name,
    event_id: world.newUuid(),
    timestamp: isoTime(world.now()),
    event_metadata: { ...fields, request_id: world.newRequestId() },
  })
}

function institutionFields(institutionId: string): Record<string, string> {
  return { institution_id: institutionId, institution_name: institutionOf(institutionId)?.name ?? '' }
}
