import type { FlowReading, Reading } from '../sync/index.ts'
import type { Core } from './context.ts'
import type { Warning } from './shapes.ts'
import { firstOf, noConnections } from './warnings.ts'

export function readingWarnings(
  { sources, window, shortSpans }: Reading,
  { readOnly }: Pick<Core, 'readOnly'>,
): Warning[] {
  if (sources.length === 0) return [noConnections(readOnly)]
  const short = shortSpans.map(({ itemId, institution, from }) => ({
    code: 'WINDOW_NOT_COVERED',
    item_id: itemId,
    text: `Transactions of ${institution} are known from ${from} on, later than the window's start (${window.from}).`,
  }))
  return firstOf(short, (more) => `${more} more banks do not cover the window either; ask for fewer days.`)
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
