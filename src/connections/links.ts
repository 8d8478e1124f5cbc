import { CofferError } from '../errors.ts'
import type { Connection, Environment, Product } from '../model.ts'
import type { LinkUrl, NewLink, Plaid, UpdateLink } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Link, Store } from '../store/store.ts'
import type { Place, Vault } from '../vault/vault.ts'

export interface LinkDeps {
  readonly store: Store
  readonly vault: Vault
  readonly plaid: Plaid
  readonly environment: Environment
  /** What the owner agreed to use at all. */
  readonly products: readonly Product[]
  readonly now: () => number
  readonly newId: () => string
}

/** A link with what a person needs of it. */
export interface OpenLink {
  readonly link: Link
  readonly url: Secret
}

export interface NewBank {
  readonly kind: 'bank' | 'brokerage'
  readonly days: number
  readonly label: string | null
  readonly person: string | null
  readonly replaces: string | null
}

export interface Repair {
  readonly addAccounts: boolean
  readonly addProducts: readonly Product[]
}

export interface Links {
  /** A Hosted Link for a new connection. Sealing is tried first: nobody logs in at a bank for nothing. */
  forNewBank(bank: NewBank, signal?: AbortSignal): Promise<OpenLink>
  /** The open update-mode link that asks for at least this much, or null. Asks nobody. */
  reopen(connection: Connection, repair: Repair): Promise<OpenLink | null>
  /** An update-mode link for the same Item; the one that is open is given again. */
  forRepair(connection: Connection, repair: Repair, signal?: AbortSignal): Promise<OpenLink>
}

export function linkPlace(link: Pick<Link, 'linkId' | 'environment'>, column: string): Place {
  return { table: 'links', column, row: link.linkId, environment: link.environment }
}

export function isOpen(link: Link, now: number): boolean {
  return link.state === 'open' && Date.parse(link.expiresAt) > now
}

export function createLinks(deps: LinkDeps): Links {
  const { store, vault, plaid, now } = deps

  async function make(
    request: NewLink | UpdateLink,
    details: Partial<Link>,
    signal?: AbortSignal,
  ): Promise<OpenLink> {
    await vault.prepare(signal)
    // One for a repair is made to its end: it is handed out when it is asked for again.
    const made = await plaid.createLink(request, 'itemId' in request ? undefined : signal)
    const link = await sealed(deps, made, details)
    await store.links.insert(link)
    return { link, url: made.url }
  }

  async function reopen({ itemId, environment }: Connection, repair: Repair): Promise<OpenLink | null> {
    if (environment !== deps.environment) return null
    const latest = await store.links.latestOf(itemId)
    if (latest === null || latest.mode !== 'update' || !isOpen(latest, now()) || !covers(latest, repair))
      return null
    return { link: latest, url: await vault.open(linkPlace(latest, 'sealed_url'), latest.sealedUrl) }
  }

  return {
    reopen,
    async forNewBank(bank, signal) {
      if (bank.replaces !== null) await mustBeOver(store, bank.replaces)
      const { days, label, person, replaces } = bank
      const wanted = productsFor(bank.kind, deps.products)
      return await make(
        { ...wanted, days },
        { mode: 'new', products: wanted.products, label, person, replaces },
        signal,
      )
    },
    async forRepair(connection, repair, signal) {
      const { itemId, status } = connection
      const again = await reopen(connection, repair)
      if (again !== null) return again
      const broken = status === 'needs_reauth' || status === 'bank_issue'
      return await make({ itemId, ...repair }, { mode: 'update', itemId, broken, ...repair }, signal)
    },
  }
}

/** An open link that asks for less than is wanted now cannot be handed out again. */
function covers(link: Link, repair: Repair): boolean {
  return (
    (link.addAccounts || !repair.addAccounts) &&
    repair.addProducts.every((product) => link.addProducts.includes(product))
  )
}

/**
 * A product that is requested is billed from the start and cannot be taken off an Item; one that is only
 * consented starts when it is first used. A bank gets transactions, a brokerage investments.
 */
export function productsFor(kind: NewBank['kind'], allowed: readonly Product[]) {
  const wanted: Product = kind === 'bank' ? 'transactions' : 'investments'
  if (!allowed.includes(wanted)) {
    throw new CofferError(
      'BAD_SETTING',
      `A ${kind} needs the product ${wanted}, and PLAID_PRODUCTS leaves it out.`,
      {
        fix: `Set PLAID_PRODUCTS=${[...allowed, wanted].join(',')}`,
      },
    )
  }
  return { products: [wanted], additionalProducts: allowed.filter((product) => product !== wanted) }
}

async function mustBeOver(store: Store, itemId: string): Promise<void> {
  const old = await store.connections.find(itemId)
  if (old !== null && ['expired', 'revoked'].includes(old.status)) return
  throw new CofferError('INVALID_ARGUMENTS', 'replaces must name a connection that is expired or revoked.', {
    fix: 'For one that only needs a new login call start_reauth: it keeps the connection and its history.',
  })
}

async function sealed(deps: LinkDeps, made: LinkUrl, details: Partial<Link>): Promise<Link> {
  const id = { linkId: deps.newId(), environment: deps.environment }
  const seal = (column: string, secret: Secret) => deps.vault.seal(linkPlace(id, column), secret)
  return {
    ...blank,
    ...details,
    ...id,
    sealedLinkToken: await seal('sealed_link_token', made.linkToken),
    sealedUrl: await seal('sealed_url', made.url),
    createdAt: new Date(deps.now()).toISOString(),
    expiresAt: made.expiresAt,
  }
}

const blank = {
  itemId: null,
  mode: 'new',
  state: 'open',
  exited: false,
  broken: false,
  addAccounts: false,
  addProducts: [],
  products: [],
  label: null,
  person: null,
  replaces: null,
  duplicateOf: null,
  keep: false,
  sealedPublicToken: null,
  finishedAt: null,
  rungAt: null,
  leaseOwner: null,
  leaseUntil: 0,
} as const satisfies Partial<Link>
