import { type CofferError, sentencesOf } from '../errors.ts'
import { isReplaced, type VaultState } from '../connections/index.ts'
import type { Account, Connection, Environment, LeaderNote } from '../model.ts'
import type { Core } from './context.ts'
import { needsAttention, nextStepText } from './next-step.ts'
import type { Warning } from './shapes.ts'

export function vaultWarning(state: VaultState): Warning[] {
  if (state.state === 'ok') return []
  return [{ code: state.why.code, text: sentencesOf(state.why) }]
}

/** Nobody listens although Plaid sends: what breaks is found by the checks, and no warning of a bank arrives. */
export function listenerWarning(note: LeaderNote | null): Warning[] {
  if (note === null || note.problem === null) return []
  const why = note.problem === 'PORT_TAKEN' ? 'another program has the port' : note.problem
  const text = `Plaid's webhooks do not arrive, since ${why}; logins are checked now and then meanwhile. To mend it, end that program or set COFFER_PORT; coffer-mcp doctor says more.`
  return [{ code: 'NOT_LISTENING', text }]
}

export function noConnections(readOnly: boolean): Warning {
  const step = readOnly ? 'In a shell: coffer-mcp connect' : 'Call connect_bank and give the person the link.'
  return { code: 'NO_CONNECTIONS', text: `No bank is connected yet. ${step}` }
}

/** What is true of the household as a whole and not of one connection. */
export function connectionWarnings(
  connections: readonly Pick<Connection, 'itemId' | 'institution' | 'environment'>[],
  { environment, readOnly }: Pick<Core, 'environment' | 'readOnly'>,
): Warning[] {
  if (connections.length === 0) return [noConnections(readOnly)]
  const strangers = connections
    .filter((connection) => connection.environment !== environment)
    .map(({ itemId, institution, environment: theirs }) => ({
      code: 'WRONG_ENVIRONMENT',
      item_id: itemId,
      text: `${institution} belongs to Plaid's ${theirs} environment; it is listed, but not asked while PLAID_ENV is ${environment}.`,
    }))
  return firstOf(strangers, (more) => `${more} more belong to it too.`)
}

/** Logins that wait for their owner and that the answer does not show: nobody should have to page to them. */
export function attentionWarnings(
  connections: readonly Connection[],
  shown: readonly string[],
  { environment, readOnly }: Pick<Core, 'environment' | 'readOnly'>,
): Warning[] {
  const seen = new Set(shown)
  const hidden = connections
    .filter((row) => row.environment === environment && !seen.has(row.itemId) && needsAttention(row))
    .map((row) => ({
      code: 'NEEDS_ATTENTION',
      item_id: row.itemId,
      text: nextStepText(row, readOnly) ?? row.institution,
    }))
  return firstOf(hidden, (more) => `${more} more connections need attention; list_connections has them.`)
}

/** A result stays small, however many connections there are. */
const mostNamed = 8

/** The first of them, and how many more there are. */
export function firstOf(warnings: readonly Warning[], andMore: (count: number) => string): Warning[] {
  const [first] = warnings
  const more = warnings.length - mostNamed
  if (first === undefined || more <= 0) return [...warnings]
  return [...warnings.slice(0, mostNamed), { code: first.code, text: andMore(more) }]
}

const toldByStatus = ['bank_issue', 'expired', 'revoked', 'removing']

type Checked = Pick<Connection, 'itemId' | 'institution' | 'environment' | 'status' | 'lastCheckedAt'>

interface Checks {
  readonly environment: Environment
  /** When they began, ms since 1970. */
  readonly since: number
  /** By item_id; one that is still under way has none. */
  readonly failures: ReadonlyMap<string, CofferError>
}

/** Logins whose check brought no answer: what is said of them is what was known before. */
export function uncheckedWarning(
  connections: readonly Checked[],
  { environment, since, failures }: Checks,
): Warning[] {
  const unchecked = connections
    .filter((row) => row.environment === environment && !toldByStatus.includes(row.status))
    .filter(({ lastCheckedAt }) => lastCheckedAt === null || Date.parse(lastCheckedAt) < since)
  if (unchecked.length === 0) return []
  const why = unchecked.map(({ itemId }) => failures.get(itemId)).find((error) => error !== undefined)
  const names = unchecked.map(({ institution }) => institution).join(', ')
  const step = why === undefined ? 'Ask again in a minute.' : sentencesOf(why)
  return [
    {
      code: 'NOT_CHECKED',
      text: `No answer yet about ${names}: the state shown is that of last_checked_at. ${step}`,
    },
  ]
}

/** Which accounts have which data, and what a person calls them. */
const shareable = {
  transactions: {
    types: ['depository', 'credit'],
    accounts: 'bank accounts',
    code: 'TRANSACTIONS_NOT_SHARED',
  },
  investments: { types: ['investment'], accounts: 'investment accounts', code: 'POSITIONS_NOT_SHARED' },
  liabilities: { types: ['credit', 'loan'], accounts: 'cards or loans', code: 'LIABILITIES_NOT_SHARED' },
} as const satisfies Record<string, { types: Account['type'][]; accounts: string; code: string }>

/**
 * Banks whose accounts are known, but not what is on them. A product is never started silently, since it can
 * start a subscription: the bank and the step are named, of the first few.
 */
export async function notShared(
  product: keyof typeof shareable,
  { store, environment, products, readOnly }: Pick<Core, 'store' | 'environment' | 'products' | 'readOnly'>,
): Promise<Warning[]> {
  if (!products.includes(product)) return []
  const { types, accounts, code } = shareable[product]
  const all = await store.accounts.list()
  const lacking = (await store.connections.list()).filter(
    (row) =>
      row.environment === environment &&
      !isReplaced(row) &&
      !row.products.includes(product) &&
      all.some(({ itemId, type }) => itemId === row.itemId && types.some((wanted) => wanted === type)),
  )
  const named = lacking.map(({ itemId, institution }) => {
    const step = readOnly
      ? `run coffer-mcp reauth --item-id ${itemId} --add-products ${product}`
      : `call start_reauth with item_id=${itemId} and add_products=["${product}"]`
    return {
      code,
      item_id: itemId,
      text: `${institution} has ${accounts}, but their ${product} are not shared: ${step} (Plaid may bill it).`,
    }
  })
  return firstOf(
    named,
    (more) =>
      `${more} more banks have ${accounts} whose ${product} are not shared; the same step is for each.`,
  )
}
