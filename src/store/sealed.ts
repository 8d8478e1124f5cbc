import { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import type { Access } from './access.ts'
import type { Db } from './schema.ts'

/** The columns of links that hold sealed text, by their name in the database, to which the text is bound. */
const ofLinks = {
  sealed_link_token: 'sealedLinkToken',
  sealed_url: 'sealedUrl',
  sealed_public_token: 'sealedPublicToken',
} as const

type LinkColumn = keyof typeof ofLinks

interface Sealed {
  /** The row's identity: an item_id or link_id. */
  readonly row: string
  readonly environment: Environment
  readonly sealed: string
}

/** One sealed text, and where it stands. */
export type SealedValue = Sealed &
  (
    | { readonly table: 'connections'; readonly column: 'sealed_token' }
    | { readonly table: 'links'; readonly column: LinkColumn }
  )

export interface SealedTable {
  /** Everything that is kept sealed. */
  list(): Promise<readonly SealedValue[]>
  /** False, and nothing done, when another text stands there by now, or none. */
  replace(value: SealedValue, sealed: string): Promise<boolean>
}

export function createSealed({ query, write }: Access): SealedTable {
  return {
    list: () => query(listSealed),
    replace: (value, sealed) => write((db) => replace(db, value, sealed)),
  }
}

/** A sealed text begins with its format and the key's id, each with a dot behind. */
export function isSealedWith(keyId: string, sealed: string): boolean {
  return sealed.split('.')[1] === keyId
}

export async function listSealed(db: Db): Promise<readonly SealedValue[]> {
  return [...(await listTokens(db)), ...(await listLinks(db))]
}

/**
 * For writes of sealed text. VAULT_LOCKED when its key was retired since it was sealed, and so may be gone: whoever
 * comes again seals with the active one.
 */
export async function requireKeptKey(db: Db, sealed: readonly (string | null)[]): Promise<void> {
  const retired = await db.selectFrom('keys').select('keyId').where('state', '=', 'retired').execute()
  if (!retired.some(({ keyId }) => sealed.some((text) => text !== null && isSealedWith(keyId, text)))) return
  throw new CofferError('VAULT_LOCKED', 'The key was replaced while this was being kept.', {
    fix: 'Ask again.',
    retryable: true,
  })
}

async function listTokens(db: Db): Promise<readonly SealedValue[]> {
  const rows = await db.selectFrom('connections').select(['itemId', 'environment', 'sealedToken']).execute()
  return rows.map(({ itemId, environment, sealedToken }) => ({
    table: 'connections',
    column: 'sealed_token',
    row: itemId,
    environment,
    sealed: sealedToken,
  }))
}

async function listLinks(db: Db): Promise<readonly SealedValue[]> {
  const rows = await db
    .selectFrom('links')
    .select(['linkId', 'environment', 'sealedLinkToken', 'sealedUrl', 'sealedPublicToken'])
    .execute()
  return rows.flatMap(({ linkId, environment, ...texts }) => {
    const place = { table: 'links', row: linkId, environment } as const
    return linkColumns.flatMap((column) => {
      const sealed = texts[ofLinks[column]]
      return sealed === null ? [] : [{ ...place, column, sealed }]
    })
  })
}

const linkColumns = ['sealed_link_token', 'sealed_url', 'sealed_public_token'] as const

async function replace(db: Db, { row, sealed: old, ...place }: SealedValue, sealed: string) {
  const { numUpdatedRows } =
    place.table === 'connections'
      ? await db
          .updateTable('connections')
          .set({ sealedToken: sealed })
          .where('itemId', '=', row)
          .where('sealedToken', '=', old)
          .executeTakeFirst()
      : await db
          .updateTable('links')
          .set({ [ofLinks[place.column]]: sealed })
          .where('linkId', '=', row)
          .where(ofLinks[place.column], '=', old)
          .executeTakeFirst()
  return numUpdatedRows > 0n
}
