import { isoTime } from '../clock.ts'
import { plaidFailure } from '../failure.ts'
import { institutionOf } from '../institutions.ts'
import type { LinkState, SessionState } from '../state.ts'
import type { World } from '../world.ts'
import { sharedAccounts } from './sessions.ts'

/** One entry of `link_sessions`. A session that runs on has its results already, but nothing of an end. */
export function sessionView(world: World, link: LinkState, session: SessionState) {
  const { sessionId, startedAt, finishesAt, events } = session
  const isFinished = finishesAt !== null && finishesAt <= world.now()
  const exit = isFinished ? exitOf(world, session) : null
  return {
    link_session_id: sessionId,
    started_at: isoTime(startedAt),
    finished_at: isFinished ? isoTime(finishesAt) : null,
    results: resultsOf(world, link, session),
    on_success: isFinished ? onSuccess(world, link, session) : null,
    on_exit: exit,
    exit,
    events,
  }
}

/** In update mode nothing is added; whether `results` is then null or empty, Plaid does not say. */
function resultsOf(world: World, link: LinkState, session: SessionState) {
  const { success } = session
  if (success === null || (link.itemId !== null && !world.state.settings.updateOnSuccess)) return null
  return {
    item_add_results:
      link.itemId === null ? [{ public_token: success.publicToken, ...addedBy(world, success) }] : [],
    cra_item_add_results: [],
    cra_update_results: [],
    bank_income_results: [],
    payroll_income_results: [],
    document_income_results: null,
  }
}

function onSuccess(world: World, link: LinkState, { success, sessionId }: SessionState) {
  if (success === null || (link.itemId !== null && !world.state.settings.updateOnSuccess)) return null
  const metadata = { ...addedBy(world, success), link_session_id: sessionId, transfer_status: null }
  return { public_token: success.publicToken, metadata }
}

function addedBy(world: World, { itemId }: { itemId: string }) {
  const item = world.state.items[itemId]
  if (item === undefined) return { accounts: [], institution: null }
  const name = institutionOf(item.institutionId)?.name ?? ''
  return {
    accounts: sharedAccounts(world, item),
    institution: { name, institution_id: item.institutionId },
  }
}

function exitOf(world: World, { exit, sessionId }: SessionState) {
  if (exit === null) return null
  const { institutionId, code } = exit
  const institution =
    institutionId === null
      ? null
      : { name: institutionOf(institutionId)?.name ?? '', institution_id: institutionId }
  const request_id = world.newRequestId()
  return {
    error: code === null ? null : { ...plaidFailure(code).body, request_id },
    metadata: { institution, status: 'requires_credentials', link_session_id: sessionId, request_id },
  }
}
