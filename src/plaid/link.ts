import type { LinkTokenCreateRequest } from 'plaid'
import { Secret } from '../secret.ts'
import type { Call } from './call.ts'
import { malformed, needTextAt, timeAt } from './json.ts'
import type { LinkUrl, NewLink, Plaid, PlaidDeps, UpdateLink } from './operations.ts'
import { toSessions } from './sessions.ts'

const urlLifetime = 1800

export function linkCalls(
  call: Call,
  deps: PlaidDeps,
): Pick<Plaid, 'createLink' | 'linkSessions' | 'exchange'> {
  return {
    async createLink(request, signal) {
      const about = { endpoint: '/link/token/create', signal } as const
      // The SDK wants its enums, whose values are these words; loading it for them would come too early.
      const toCreate = (ask: object) =>
        ({ ...common(deps, request.completionUrl ?? null), ...ask }) as LinkTokenCreateRequest
      const answer =
        'itemId' in request
          ? call({
              ...about,
              itemId: request.itemId,
              send: (sdk, options, token) => sdk.linkTokenCreate(toCreate(toUpdate(request, token)), options),
            })
          : call({
              ...about,
              send: (sdk, options) => sdk.linkTokenCreate(toCreate(toNew(request, deps)), options),
            })
      return toLinkUrl(await answer)
    },

    async linkSessions(linkToken, signal) {
      const answer = await call({
        endpoint: '/link/token/get',
        signal,
        args: linkToken.open(),
        send: (sdk, options) => sdk.linkTokenGet({ link_token: linkToken.open() }, options),
      })
      return toSessions(answer)
    },

    async exchange(publicToken) {
      const answer = await call({
        endpoint: '/item/public_token/exchange',
        send: (sdk, options) => sdk.itemPublicTokenExchange({ public_token: publicToken.open() }, options),
      })
      return {
        accessToken: new Secret(needTextAt(answer, 'access_token')),
        itemId: needTextAt(answer, 'item_id'),
      }
    },
  }
}

function common(
  { clientName, language, countryCodes, clientUserId }: PlaidDeps,
  completionUrl: string | null,
) {
  return {
    // Plaid takes no more than 30 characters.
    client_name: clientName.slice(0, 30),
    language,
    country_codes: countryCodes,
    user: { client_user_id: clientUserId },
    hosted_link: {
      url_lifetime_seconds: urlLifetime,
      ...(completionUrl !== null && { completion_redirect_uri: completionUrl }),
    },
  }
}

function toNew({ products, additionalProducts, days }: NewLink, { webhookUrl }: PlaidDeps) {
  // Consent alone settles how much history there will be, should the product be begun later.
  const hasTransactions = [...products, ...additionalProducts].includes('transactions')
  return {
    products,
    ...consented(additionalProducts),
    ...(hasTransactions && { transactions: { days_requested: days } }),
    ...(webhookUrl !== null && { webhook: webhookUrl }),
  }
}

/** Plaid refuses `products` in update mode, and ignores `webhook`. */
function toUpdate({ addAccounts, addProducts }: UpdateLink, token: Secret) {
  return {
    access_token: token.open(),
    ...(addAccounts && { update: { account_selection_enabled: true } }),
    ...consented(addProducts),
  }
}

function consented(products: readonly string[]) {
  return products.length === 0 ? {} : { additional_consented_products: products }
}

function toLinkUrl(answer: Parameters<typeof needTextAt>[0]): LinkUrl {
  const expiresAt = timeAt(answer, 'expiration')
  if (expiresAt === null) throw malformed('expiration')
  return {
    linkToken: new Secret(needTextAt(answer, 'link_token')),
    url: new Secret(needTextAt(answer, 'hosted_link_url')),
    expiresAt,
  }
}
