import { isReplaced } from '../connections/index.ts'
import type { Connection } from '../model.ts'
import type { FlowReading, Reading, Sync } from '../sync/index.ts'
import type { Core } from './context.ts'
import type { Warning } from './shapes.ts'
import { firstOf, noConnections } from './warnings.ts'

export function readingWarnings(
  { sources, window, shortSpans, oldRules }: Reading,
  { readOnly, now }: Pick<Core, 'readOnly' | 'now'>,
): Warning[] {
  if (sources.length === 0) return [noConnections(readOnly)]
  const short = shortSpans.map(({ itemId, institution, from }) => ({
    code: 'WINDOW_NOT_COVERED',
    item_id: itemId,
    text: `Transactions of ${institution} are known from ${from} on, later than the window's start (${window.from}).`,
  }))
  const ruled = oldRules.map(({ itemId, institution, until }) => ({
    code: 'RULES_NOT_APPLIED',
    item_id: itemId,
    text: `What is kept of ${institution} up to ${until} is as the rules were before set_rule changed them, until it can be fetched again.`,
  }))
  return [
    ...firstOf(ruled, (more) => `So it is with what is kept of ${more} more banks.`),
    ...firstOf(short, (more) => `${more} more banks do not cover the window either; ask for fewer days.`),
    ...firstOf(
      sources.flatMap(({ connection }) => staleWarning(connection, now(), readOnly)),
      (more) => `The data of ${more} more banks are as old; data_as_of of each says how old.`,
    ),
  ]
}

/** Plaid asks most banks each day. So much later it is neither a weekend nor a bank's quiet time. */
const staleDays = 14

/** Data that Plaid itself has not renewed for long: they were fetched just now and are old all the same. */
function staleWarning(row: Connection, now: number, readOnly: boolean): Warning[] {
  const { itemId, institution, dataAsOf } = row
  const days = dataAsOf === null ? 0 : Math.floor((now - Date.parse(dataAsOf)) / 86_400_000)
  if (dataAsOf === null || days < staleDays || isReplaced(row) || row.status === 'removing') return []
  // The step of a bank that is broken stands beside it already, and there may be many of them.
  const step = row.status === 'active' ? renewal(itemId, readOnly) : 'See its next_step.'
  const text = `The data of ${institution} are ${days} days old (${dataAsOf.slice(0, 10)}). ${step}`
  return [{ code: 'STALE', item_id: itemId, text }]
}

function renewal(itemId: string, readOnly: boolean): string {
  const why = 'Its login seems to work, but the bank gives Plaid nothing newer; a new login often helps.'
  if (readOnly) return `${why} In a shell: coffer-mcp reauth --item-id ${itemId} --force`
  return `${why} Call check_connection with item_id=${itemId}, and if nothing newer comes of it start_reauth with item_id=${itemId} and force=true.`
}

/** Banks whose single transactions could not be had, and what follows from it, as the end of a sentence. */
export function notAtHand({ withoutRows }: FlowReading, consequence: string): Warning[] {
  const missing = withoutRows.map(({ connection: { itemId, institution } }) => ({
    code: 'TRANSACTIONS_NOT_AT_HAND',
    item_id: itemId,
    text: `The single transactions of ${institution} are not at hand: ${consequence}.`,
  }))
  return firstOf(missing, (more) => `Nor are those of ${more} more banks; list_connections has them.`)
}

/** Amounts in a currency that is none of a country's are shown, and added to nothing. */
export function uncountedWarnings(currencies: readonly string[]): Warning[] {
  if (currencies.length === 0) return []
  return [{ code: 'CURRENCY_NOT_COUNTED', text: `Amounts in ${currencies.join(', ')} are in no total.` }]
}

type Unvalued = Awaited<ReturnType<Sync['positions']>>['unvalued']

/** Positions that are listed, and in no total. */
export function unvaluedWarnings(unvalued: Unvalued): Warning[] {
  const told = unvalued.map(({ connection: { itemId, institution }, count }) => ({
    code: 'VALUE_NOT_KNOWN',
    item_id: itemId,
    text: `${institution} tells no value of ${count === 1 ? 'one position' : `${count} positions`}, listed last in its currency: it is in no total.`,
  }))
  return firstOf(told, (more) => `So it is with positions of ${more} more banks.`)
}

/** Investment accounts whose transactions never came, though they are shared: what happened there is not nothing. */
export function untoldWarnings(
  untold: readonly Connection[],
  { products }: Pick<Core, 'products'>,
): Warning[] {
  if (!products.includes('investments')) return []
  const told = untold
    .filter((row) => row.products.includes('investments'))
    .map(({ itemId, institution }) => ({
      code: 'ACTIVITY_NOT_KNOWN',
      item_id: itemId,
      text: `What happened on the investment accounts of ${institution} has not come yet: it is not in activity.`,
    }))
  return firstOf(told, (more) => `Nor is that of ${more} more banks.`)
}
