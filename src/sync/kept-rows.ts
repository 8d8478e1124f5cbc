import type { Account, Span } from '../model.ts'
import { type FlowRow, isWithin, restore } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'

/** By connection the days whose rows are at hand. */
export type Spans = ReadonlyMap<string, Span>

/** What is kept of what is not at hand, however long ago: equal transfers form chains. Sums pair with nothing. */
export async function keptMoves(
  store: Store,
  accounts: readonly Account[],
  atHand: Spans,
): Promise<FlowRow[]> {
  const moves = await store.flow.moves()
  return restore({ days: [], moves: moves.filter((move) => !isAtHand(move, atHand)) }, accounts)
}

export async function keptDays(
  store: Store,
  accounts: readonly Account[],
  atHand: Spans,
  span: Span,
): Promise<FlowRow[]> {
  const { days } = await store.flow.read(span)
  return restore({ days: days.filter((day) => !isAtHand(day, atHand)), moves: [] }, accounts)
}

function isAtHand(
  { itemId, date }: { readonly itemId: string; readonly date: string },
  atHand: Spans,
): boolean {
  const span = atHand.get(itemId)
  return span !== undefined && isWithin(date, span)
}
