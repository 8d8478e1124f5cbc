import type { App } from '../../app.ts'
import { CofferError, notConfigured } from '../../errors.ts'

/** What became of one connection at Plaid. */
export interface Ended {
  readonly itemId: string
  readonly institution: string
  /** `gone`: Plaid knew no Item by its token any more. */
  readonly result: 'removed' | 'gone' | 'not_confirmed'
  /** Why Plaid has not confirmed it. */
  readonly why: CofferError | null
}

type Rooms = Pick<App, 'store' | 'connections' | 'environment'>

/** Ends every connection at Plaid that can be called from here, and says what became of each. */
export async function endAtPlaid({ store, connections, environment }: Rooms): Promise<readonly Ended[]> {
  const rows = await store.connections.list()
  const callable = rows.filter((row) => row.environment === environment)
  const { receipts, failures } = await connections.removal.remove([['asked', callable]])
  return rows.map(({ itemId, institution, ...row }): Ended => {
    const receipt = receipts.find((one) => one.itemId === itemId)
    if (receipt !== undefined) return { itemId, institution, result: receipt.atPlaid, why: null }
    const why = row.environment === environment ? failures.get(itemId) : otherEnvironment(row.environment)
    return { itemId, institution, result: 'not_confirmed', why: why ?? null }
  })
}

function otherEnvironment(environment: string): CofferError {
  return new CofferError('WRONG_ENVIRONMENT', `It belongs to Plaid's ${environment}.`, {
    fix: `Run coffer-mcp erase with PLAID_ENV=${environment} and its keys.`,
  })
}

/** Without keys nobody but the bank can end a connection. */
export function noKeysFor(count: number): CofferError {
  const { code, message, fix } = notConfigured()
  const what = count === 1 ? 'the connection' : `the ${count} connections`
  return new CofferError(code, `${message} So ${what} cannot be ended at Plaid. Nothing was done.`, {
    fix: `${fix ?? ''} Then run coffer-mcp erase again; or, to take the permission back at each bank yourself, coffer-mcp erase --even-without-plaid.`,
  })
}
