import { type Context, Hono } from 'hono'
import { isPlaidErrorCode, PlaidFailure, plaidFailure } from '../failure.ts'
import { institutions } from '../institutions.ts'
import type { LinkState, SessionState } from '../state.ts'
import type { World } from '../world.ts'
import { accountChoices, checkChoice, shareChosen } from './account-choice.ts'
import { type Html, type LoginForm, loginPage, messagePage, policyOf } from './page.ts'
import { cancelSession, finishLogin, isOpen, itemOfLink, openSession, refuseLogin } from './sessions.ts'

interface Typed {
  readonly institutionId: string
  readonly username: string
  readonly password: string
  /** The accounts that were ticked; null before anything was. */
  readonly accountIds: readonly string[] | null
}

/** The pages that a person sees. `save` is called before an answer that follows a change. */
export function linkRoutes(world: World, save: () => void): Hono {
  const app = new Hono()

  app.get('/:pageId{[0-9A-Za-z]{37}}', (c) => {
    const link = findLink(world, c.req.param('pageId'))
    if (link === null) return say(c, 404, 'No such link', 'Ask for a new one.')
    if (isExpired(world, link)) return say(c, 410, 'This link has expired', 'Ask for a new one.')

    const session = openSession(world, link)
    save()
    return show(c, link, formOf(world, link, session, firstTyped(world, link)))
  })

  app.post('/:pageId{[0-9A-Za-z]{37}}/:sessionId', async (c) => {
    const link = findLink(world, c.req.param('pageId'))
    const session = link?.sessions.find(({ sessionId }) => sessionId === c.req.param('sessionId'))
    if (link === null || session === undefined) return say(c, 404, 'No such link', 'Ask for a new one.')
    if (isExpired(world, link)) return say(c, 410, 'This link has expired', 'Ask for a new one.')
    if (!isOpen(session)) return say(c, 409, 'Already finished', 'You can close this page.')

    const { choice, ...typed } = readForm(await c.req.parseBody({ all: true }))
    const refused = act(world, link, session, choice, typed)
    save()
    if (refused) return show(c, link, formOf(world, link, session, typed))
    return leave(c, link, session)
  })

  return app
}

/** Does what was chosen; true when the bank refused and the person may try again. */
function act(world: World, link: LinkState, session: SessionState, choice: string, typed: Typed): boolean {
  if (choice === 'cancel') {
    cancelSession(world, link, session)
    return false
  }
  try {
    if (choice === 'wrong' || isStranger(world, link, typed)) throw plaidFailure('INVALID_CREDENTIALS')
    checkChoice(link, typed.accountIds ?? [])
    finishLogin(world, link, session, typed)
    shareChosen(world, link, typed.accountIds ?? [])
    return false
  } catch (error) {
    if (!(error instanceof PlaidFailure) || !isPlaidErrorCode(error.body.error_code)) throw error
    refuseLogin(world, session, typed.institutionId, error.body.error_code)
    return true
  }
}

/** In update mode only the login that made the Item may mend it. */
function isStranger(world: World, link: LinkState, typed: Typed): boolean {
  const item = itemOfLink(world, link)
  return item !== null && (item.username !== typed.username || item.institutionId !== typed.institutionId)
}

function formOf(world: World, link: LinkState, session: SessionState, typed: Typed): LoginForm {
  const { refusal } = session
  const said = refusal === null ? null : plaidFailure(refusal.code).body
  return {
    clientName: link.clientName,
    action: `/link/${link.pageId}/${session.sessionId}`,
    banks: banksOf(world, link),
    isUpdate: link.itemId !== null,
    consented: link.consented,
    accounts: accountChoices(world, link, typed.accountIds),
    bankId: typed.institutionId,
    username: typed.username,
    password: typed.password,
    refusal: said === null ? null : (said.display_message ?? said.error_message),
  }
}

const newcomer = { institutionId: '', username: 'user_good', password: 'pass_good' }

/** What stands in the form at first: what lets the person in with one click. */
function firstTyped(world: World, link: LinkState): Typed {
  const { institutionId, username, password } = itemOfLink(world, link) ?? newcomer
  return { institutionId, username, password, accountIds: null }
}

function banksOf(world: World, link: LinkState): LoginForm['banks'] {
  const item = itemOfLink(world, link)
  const shown = institutions.filter(({ institution_id, products, country_codes }) =>
    item === null
      ? link.products.every((wanted) => products.some((product) => product === wanted)) &&
        country_codes.some((country) => link.countryCodes.includes(country))
      : institution_id === item.institutionId,
  )
  return shown.map(({ institution_id, name }) => ({ id: institution_id, name }))
}

function readForm(body: Record<string, unknown>): Typed & { choice: string } {
  const text = (key: string) => {
    const value = body[key]
    return typeof value === 'string' ? value : ''
  }
  return {
    choice: text('choice'),
    institutionId: text('institution_id'),
    username: text('username'),
    password: text('password'),
    accountIds: [body['account_id']].flat().filter((id) => typeof id === 'string'),
  }
}

function findLink(world: World, pageId: string): LinkState | null {
  return Object.values(world.state.links).find((link) => link.hosted && link.pageId === pageId) ?? null
}

function isExpired(world: World, link: LinkState): boolean {
  return link.expiresAt <= world.now() || itemOfLink(world, link)?.removed === true
}

/** Back to whoever asked, after a success and after a cancel alike. */
function leave(c: Context, link: LinkState, session: SessionState) {
  if (link.completionUri !== null) return c.redirect(link.completionUri, 303)
  const isDone = session.success !== null
  return say(c, 200, isDone ? 'You are connected' : 'You left the bank', 'You can close this page.')
}

function show(c: Context, link: LinkState, form: LoginForm) {
  return page(c, 200, loginPage(form), policyOf(link.completionUri))
}

function say(c: Context, status: 200 | 404 | 409 | 410, title: string, text: string) {
  return page(c, status, messagePage(title, text), policyOf(null))
}

function page(c: Context, status: 200 | 404 | 409 | 410, content: Html, policy: string) {
  c.header('content-security-policy', policy)
  c.header('cache-control', 'no-store')
  c.header('referrer-policy', 'no-referrer')
  return c.html(content, status)
}
