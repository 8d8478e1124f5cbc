import { days } from './clock.ts'
import { plaidFailure, type PlaidErrorCode } from './failure.ts'
import { institutionOf } from './institutions.ts'
import type { ItemState } from './state.ts'
import type { World } from './world.ts'

export interface NewItem {
  readonly itemId: string
  readonly institutionId: string
  readonly username: string
  readonly password: string
  readonly products: readonly string[]
  /** Beyond the products themselves. */
  readonly consented: readonly string[]
  readonly webhook: string | null
  readonly daysRequested: number
}

const OAUTH_CONSENT_DAYS = 365

/** Makes the Item of a login that worked; it has no access token before its public token is exchanged. */
export function createItem(world: World, login: NewItem): ItemState {
  const at = world.now()
  const { itemId, institutionId, username, password, webhook, daysRequested } = login
  const item: ItemState = {
    itemId,
    accessToken: null,
    institutionId,
    username,
    password,
    createdAt: at,
    loggedInAt: at,
    webhook,
    products: Object.fromEntries(login.products.map((product) => [product, at])),
    consented: [...new Set([...login.products, ...login.consented])],
    daysRequested,
    trouble: null,
    disconnectAt: null,
    consentEndsAt: consentEnd(institutionId, at),
    removed: false,
    revokedAccounts: [],
    newAccounts: [],
    edits: [],
    verification: {},
    lastWebhook: null,
    synced: false,
    told: { stages: {}, troubleSince: null },
  }
  world.state.items[itemId] = item
  return item
}

/** What a login in update mode does to the Item. */
export function renewLogin(world: World, item: ItemState): void {
  const at = world.now()
  item.loggedInAt = at
  item.trouble = null
  item.disconnectAt = null
  item.consentEndsAt = consentEnd(item.institutionId, at)
}

function consentEnd(institutionId: string, at: number): number | null {
  return institutionOf(institutionId)?.oauth === true ? at + days(OAUTH_CONSENT_DAYS) : null
}

/** The Item of an access token, whatever its state; a bad, dead or foreign token is refused. */
export function itemOf(world: World, accessToken: string): ItemState {
  checkToken(world, 'access', accessToken)
  const item = world.state.items[world.state.accessTokens[accessToken] ?? '']
  if (item === undefined) throw plaidFailure('INVALID_ACCESS_TOKEN')
  if (item.removed) throw plaidFailure('ITEM_NOT_FOUND')
  return item
}

/** The same, for cached data: an Item in trouble gives none, unless the setting says so. */
export function healthyItem(world: World, accessToken: string): ItemState {
  const item = itemOf(world, accessToken)
  const trouble = troubleOf(world, item)
  if (trouble === null || (world.state.settings.answerWhenBroken && canBeRepaired(trouble))) return item
  throw plaidFailure(trouble.code)
}

export interface Trouble {
  readonly code: PlaidErrorCode
  /** Ms. */
  readonly since: number
  readonly reason: 'OAUTH_CONSENT_EXPIRED' | null
}

/** What is wrong with an Item now: what happened to it, or a deadline that has passed. */
export function troubleOf(world: World, item: ItemState): Trouble | null {
  if (item.trouble !== null) return { ...item.trouble, reason: null }
  for (const { since, reason } of deadlinesOf(world, item)) {
    if (since <= world.now()) return { code: 'ITEM_LOGIN_REQUIRED', since, reason }
  }
  return null
}

/** When the next deadline passes, in ms; Infinity when none is ahead. */
export function nextDeadline(world: World, item: ItemState): number {
  const ahead = deadlinesOf(world, item).filter(({ since }) => since > world.now())
  return Math.min(Infinity, ...ahead.map(({ since }) => since))
}

function deadlinesOf(world: World, item: ItemState): Omit<Trouble, 'code'>[] {
  const rotsAt = item.loggedInAt + days(world.state.settings.rotAfterDays)
  const deadlines = [
    { since: item.disconnectAt, reason: null },
    { since: item.consentEndsAt, reason: 'OAUTH_CONSENT_EXPIRED' as const },
    { since: world.environment === 'sandbox' ? rotsAt : null, reason: null },
  ]
  return deadlines.flatMap(({ since, reason }) => (since === null ? [] : [{ since, reason }]))
}

/** The moment whose data an Item shows: now, or when the bank last let Plaid in. */
export function dataTime(world: World, item: ItemState): number {
  return troubleOf(world, item)?.since ?? world.now()
}

/** Refuses a token of another shape or environment with what Plaid says about it. */
export function checkToken(world: World, kind: 'access' | 'public' | 'link', token: string): void {
  const code = (
    { access: 'INVALID_ACCESS_TOKEN', public: 'INVALID_PUBLIC_TOKEN', link: 'INVALID_LINK_TOKEN' } as const
  )[kind]
  const [, prefix, environment] =
    /^(\w+)-(sandbox|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(token) ?? []
  if (prefix !== kind) {
    const message = `provided ${kind} token is in an invalid format. expected format: ${kind}-<environment>-<identifier>`
    throw plaidFailure(code, { message })
  }
  if (environment === world.environment) return
  const message = `provided ${kind} token is for the wrong Plaid environment. expected "${world.environment}", got "${environment}"`
  throw plaidFailure(code, { message })
}

function canBeRepaired({ code }: Trouble): boolean {
  return code !== 'USER_PERMISSION_REVOKED' && code !== 'ITEM_NOT_FOUND'
}

const PUBLIC_TOKEN_MS = 30 * 60_000

/** A public token for the Item, good for 30 minutes. */
export function createPublicToken(world: World, item: ItemState): string {
  const token = world.newToken('public')
  world.state.publicTokens[token] = { itemId: item.itemId, expiresAt: world.now() + PUBLIC_TOKEN_MS }
  return token
}
