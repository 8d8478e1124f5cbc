import { z } from 'zod'
import { countryCodes, daysRequested, products, unread, url } from '../api/fields.ts'
import { days, isoTime } from '../clock.ts'
import { endpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { checkToken, itemOf } from '../items.ts'
import { checkProducts } from '../products.ts'
import { invalidField, missingField } from '../request.ts'
import type { LinkState } from '../state.ts'
import type { World } from '../world.ts'
import { sessionView } from './session-view.ts'

const HOUR_MS = 3_600_000
const HALF_HOUR_MS = HOUR_MS / 2
const NEW_ITEM_MS = 4 * HOUR_MS
/** How long Plaid keeps a session after its end. */
const RETENTION_MS = 6 * HOUR_MS
const MAX_LIFETIME_S = days(21) / 1_000
const DAYS_DEFAULT = 90

const createShape = z.strictObject({
  client_name: z.string().min(1).max(30),
  language: z.string().regex(/^[a-z]{2}$/),
  country_codes: countryCodes.min(1),
  user: z
    .strictObject({
      client_user_id: z.string().min(1),
      legal_name: z.string().optional(),
      phone_number: z.string().optional(),
      email_address: z.string().optional(),
      ...unread('name', 'phone_number_verified_time', 'email_address_verified_time'),
      ...unread('ssn', 'date_of_birth', 'address', 'id_number'),
    })
    .optional(),
  user_id: z.string().optional(),
  products: products.optional(),
  required_if_supported_products: products.optional(),
  optional_products: products.optional(),
  additional_consented_products: products.optional(),
  access_token: z.string().min(1).nullish(),
  webhook: url.optional(),
  redirect_uri: z.string().optional(),
  update: z
    .strictObject({
      account_selection_enabled: z.boolean().optional(),
      reauthorization_enabled: z.boolean().optional(),
      ...unread('user', 'item_ids'),
    })
    .optional(),
  hosted_link: z
    .looseObject({
      completion_redirect_uri: z.string().optional(),
      url_lifetime_seconds: z.int().min(1).max(MAX_LIFETIME_S).optional(),
      is_mobile_app: z.boolean().optional(),
      delivery_method: z.enum(['sms', 'email']).optional(),
    })
    .optional(),
  transactions: z.strictObject({ days_requested: daysRequested.optional() }).optional(),
  ...unread('access_tokens', 'account_filters', 'android_package_name', 'appearance_mode', 'auth'),
  ...unread('base_report', 'card_switch', 'cashflow_report', 'consumer_report_permissible_purpose'),
  ...unread('cra_enabled', 'cra_options', 'credit_partner_insights', 'employment', 'enable_multi_item_link'),
  ...unread('eu_config', 'financekit_supported', 'identity', 'identity_verification', 'income_verification'),
  ...unread('institution_data', 'institution_id', 'investments', 'investments_auth'),
  ...unread('link_customization_name', 'payment_configuration', 'payment_initiation', 'statements'),
  ...unread('third_party_user_token', 'transfer', 'user_token'),
})

type CreateBody = z.output<typeof createShape>

const create = endpoint('/link/token/create', createShape, (body, world) => {
  if (body.user === undefined && body.user_id === undefined) throw missingField('user.client_user_id')
  const link = newLink(world, body)
  forgetOld(world)
  world.state.links[link.linkToken] = link
  return {
    link_token: link.linkToken,
    expiration: isoTime(link.expiresAt),
    ...(link.hosted && { hosted_link_url: `${world.url}/link/${link.pageId}` }),
  }
})

/** Links and public tokens that nobody can use any more. */
function forgetOld(world: World): void {
  const { state } = world
  const now = world.now()
  for (const { linkToken, expiresAt } of Object.values(state.links)) {
    if (expiresAt + RETENTION_MS <= now) delete state.links[linkToken]
  }
  for (const [token, { expiresAt }] of Object.entries(state.publicTokens)) {
    if (expiresAt <= now) delete state.publicTokens[token]
  }
}

function newLink(world: World, body: CreateBody): LinkState {
  const itemId = body.access_token == null ? null : itemToUpdate(world, body.access_token, body)
  const wanted = productsOf(body, itemId !== null)
  const at = world.now()
  return {
    linkToken: world.newToken('link'),
    pageId: world.newId(),
    createdAt: at,
    expiresAt: at + lifetimeOf(world, body, itemId !== null),
    itemId,
    clientName: body.client_name,
    language: body.language,
    countryCodes: body.country_codes,
    ...wanted,
    accountSelection: body.update?.account_selection_enabled ?? false,
    daysRequested: body.transactions?.days_requested ?? DAYS_DEFAULT,
    webhook: body.webhook ?? null,
    redirectUri: body.redirect_uri ?? null,
    completionUri: body.hosted_link?.completion_redirect_uri ?? null,
    hosted: body.hosted_link !== undefined,
    sessions: [],
  }
}

function itemToUpdate(world: World, accessToken: string, body: CreateBody): string {
  if (body.products !== undefined && body.products.length > 0) {
    throw invalidField('products', 'products cannot be set in update mode')
  }
  const item = itemOf(world, accessToken)
  if (item.trouble?.code === 'USER_PERMISSION_REVOKED') throw plaidFailure('USER_PERMISSION_REVOKED')
  return item.itemId
}

function productsOf(body: CreateBody, isUpdate: boolean): Pick<LinkState, 'products' | 'consented'> {
  const wanted = body.products ?? []
  if (wanted.length === 0 && !isUpdate) throw missingField('products')
  const more = [
    ...(body.required_if_supported_products ?? []),
    ...(body.optional_products ?? []),
    ...(body.additional_consented_products ?? []),
  ]
  checkProducts([...wanted, ...more])
  return { products: wanted, consented: [...new Set(more)] }
}

function lifetimeOf(world: World, { hosted_link }: CreateBody, isUpdate: boolean): number {
  if (hosted_link === undefined) return isUpdate ? HALF_HOUR_MS : NEW_ITEM_MS
  const asked = (hosted_link.url_lifetime_seconds ?? HALF_HOUR_MS / 1_000) * 1_000
  // Sandbox ends hosted sessions in update mode after 30 minutes, whatever was asked for.
  return isUpdate && world.environment === 'sandbox' ? Math.min(asked, HALF_HOUR_MS) : asked
}

const get = endpoint(
  '/link/token/get',
  z.strictObject({ link_token: z.string() }),
  ({ link_token }, world) => {
    checkToken(world, 'link', link_token)
    const link = world.state.links[link_token]
    if (link === undefined || link.expiresAt + RETENTION_MS <= world.now())
      throw plaidFailure('INVALID_LINK_TOKEN')
    const kept = link.sessions.filter(
      ({ finishesAt }) => finishesAt === null || finishesAt + RETENTION_MS > world.now(),
    )
    return {
      link_token,
      created_at: isoTime(link.createdAt),
      expiration: isoTime(link.expiresAt),
      // Absent, not empty, before the URL was opened.
      ...(kept.length > 0 && { link_sessions: kept.map((session) => sessionView(world, link, session)) }),
      metadata: metadataOf(link),
    }
  },
)

function metadataOf(link: LinkState) {
  return {
    initial_products: link.products,
    webhook: link.webhook,
    country_codes: link.countryCodes,
    language: link.language,
    redirect_uri: link.redirectUri,
    client_name: link.clientName,
    account_filters: {},
    institution_data: {},
  }
}

export const linkEndpoints = [create, get]
