import { CofferError, isCofferError } from '../errors.ts'
import type { Connection, Environment, Product } from '../model.ts'
import type { LinkUrl, NewLink, Plaid, UpdateLink } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Link, Store } from '../store/store.ts'
import type { Place, Vault } from '../vault/vault.ts'
import type { HealthKeeper } from './health.ts'
import { mustBeReplaceable } from './replaced.ts'

export interface LinkDeps {
  readonly store: Store
  readonly vault: Vault
  readonly plaid: Plaid
  readonly environment: Environment
  /** What the owner agreed to use at all. */
  readonly products: readonly Product[]
  readonly now: () => number
  readonly newId: () => string
  /** Where Plaid sends the person in the end, on a page of ours; null when none can be had. */
  readonly completionUrl: (linkId: string) => Promise<string | null>
  /** Runs a call about a connection, whose state moves with what Plaid says. */
  readonly attempt: HealthKeeper['attempt']
  /** Runs `work` while no other process makes a link for a repair. */
  readonly linkLock: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>
  /** Runs `work` while no other process looks for the twin of a new login, or keeps one. */
  readonly loginLock: <T>(work: () => Promise<T>) => Promise<T>
}

/** A link with what a person needs of it. */
export interface OpenLink {
  readonly link: Link
  readonly url: Secret
}

export interface NewBank {
  readonly kind: 'bank' | 'brokerage'
  /** Begun at once as well, and billed from then on. Default: none. */
  readonly begin?: readonly Product[]
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
  /** The page of a link on which something can still be done, or null. Asks nobody. */
  pageOf(link: Link): Promise<Secret | null>
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
  const { store, vault, plaid } = deps

  async function make(
    request: NewLink | UpdateLink,
    details: Partial<Link>,
    signal?: AbortSignal,
  ): Promise<OpenLink> {
    await vault.prepare(signal)
    const linkId = deps.newId()
    const completionUrl = await deps.completionUrl(linkId)
    // One for a repair is made to its end: it is handed out when it is asked for again.
    const until = 'itemId' in request ? undefined : signal
    const create = () => plaid.createLink({ ...request, completionUrl }, until)
    const made = 'itemId' in request ? await deps.attempt(request.itemId, create) : await create()
    const link = await sealed(deps, made, { ...details, linkId })
    await store.links.insert(link)
    return { link, url: made.url }
  }

  async function inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await deps.linkLock(work, signal)
    } catch (error) {
      if (!signal?.aborted || isCofferError(error)) throw error
      throw new CofferError('CANCELLED', 'Another copy was still making a link when this was stopped.')
    }
  }

  const { reopen, pageOf } = openLinks(deps)
  return {
    reopen,
    pageOf,
    async forNewBank(bank, signal) {
      if (bank.replaces !== null) await mustBeReplaceable(deps, bank.replaces)
      const { days, label, person, replaces } = bank
      const wanted = productsFor(bank.kind, deps.products, bank.begin)
      return await make(
        { ...wanted, days },
        { mode: 'new', products: wanted.products, label, person, replaces },
        signal,
      )
    },
    async forRepair(connection, repair, signal) {
      const { itemId, status } = connection
      const broken = status === 'needs_reauth' || status === 'bank_issue'
      const reopenOrMake = async () =>
        (await reopen(connection, repair)) ??
        (await make({ itemId, ...repair }, { mode: 'update', itemId, broken, ...repair }, signal))
      // Two that ask at the same instant get the same link.
      return (await reopen(connection, repair)) ?? (await inTurn(reopenOrMake, signal))
    },
  }
}

/** What can be had of links that were made before, without asking anybody. */
function openLinks({ store, vault, environment, now }: LinkDeps): Pick<Links, 'reopen' | 'pageOf'> {
  async function pageOf(link: Link): Promise<Secret | null> {
    if (link.environment !== environment || !isOpen(link, now())) return null
    return await vault.open(linkPlace(link, 'sealed_url'), link.sealedUrl)
  }

  return {
    pageOf,
    async reopen(connection, repair) {
      if (connection.environment !== environment) return null
      const latest = await store.links.latestOf(connection.itemId)
      if (latest === null || latest.mode !== 'update' || !covers(latest, repair)) return null
      const url = await pageOf(latest)
      return url === null ? null : { link: latest, url }
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

/** As what a connection with these products was made, for one that follows it. */
export function kindOf(products: readonly string[]): NewBank['kind'] {
  return products.includes('investments') && !products.includes('transactions') ? 'brokerage' : 'bank'
}

/**
 * A product that is requested is billed from the start and cannot be taken off an Item; one that is only
 * consented starts when it is first used. A bank gets transactions, a brokerage investments.
 */
export function productsFor(
  kind: NewBank['kind'],
  allowed: readonly Product[],
  begin: readonly Product[] = [],
) {
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
  const products = [wanted, ...begin]
  return { products, additionalProducts: allowed.filter((product) => !products.includes(product)) }
}

async function sealed(
  deps: LinkDeps,
  made: LinkUrl,
  { linkId, ...details }: Partial<Link> & Pick<Link, 'linkId'>,
): Promise<Link> {
  const id = { linkId, environment: deps.environment }
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
  openedAt: null,
  rungAt: null,
  leaseOwner: null,
  leaseUntil: 0,
} as const satisfies Partial<Link>
