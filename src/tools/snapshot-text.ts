import type { FlowReading, Reading } from '../sync/index.ts'
import type { Core } from './context.ts'
import type { Warning } from './shapes.ts'
import { noConnections } from './warnings.ts'

export function readingWarnings(
  { sources, window, shortSpans }: Reading,
  { readOnly }: Pick<Core, 'readOnly'>,
): Warning[] {
  if (sources.length === 0) return [noConnections(readOnly)]
  return shortSpans.map(({ itemId, institution, from }) => ({
    code: 'WINDOW_NOT_COVERED',
    item_id: itemId,
    text: `Transactions of ${institution} are known from ${from} on, later than the window's start (${window.from}).`,
  }))
}

/** Banks whose single transactions could not be had, and what follows from it, as the end of a sentence. */
export function notAtHand({ withoutRows }: FlowReading, consequence: string): Warning[] {
  return withoutRows.map(({ connection: { itemId, institution } }) => ({
    code: 'TRANSACTIONS_NOT_AT_HAND',
    item_id: itemId,
    text: `The single transactions of ${institution} are not at hand: ${consequence}.`,
  }))
}

/** Amounts in a currency that is none of a country's are shown, and added to nothing. */
export function uncountedWarnings(currencies: readonly string[]): Warning[] {
  if (currencies.length === 0) return []
  return [{ code: 'CURRENCY_NOT_COUNTED', text: `Amounts in ${currencies.join(', ')} are in no total.` }]
}
