import type { Look } from './kinds.ts'
import { match } from './matching.ts'
import { type FlowRow, isFlowAccount } from './row.ts'
import { isAlone } from './rules.ts'
import { daysBetween, isWithin, widen } from './window.ts'

/** How many days the two sides of a transfer may lie apart. */
export const PAIR_DAYS = 4

interface Edge {
  readonly pair: readonly [out: FlowRow, into: FlowRow]
  readonly days: number
  readonly pendingSides: number
}

/**
 * Which rows are the two sides of one movement between the household's own accounts; both ways. One-to-one,
 * the same whatever the order of `rows`. Rows that both look like it are paired first, so that a transfer
 * never takes an equal purchase for its other side while the true one is there. Of two equal transfers each may say
 * so on one side only: these two sides are then no pair, since the silent ones would be left as income and expense.
 */
export function pairs(rows: readonly FlowRow[]): ReadonlyMap<FlowRow, FlowRow> {
  const partner = new Map<FlowRow, FlowRow>()
  for (const group of equalAmounts(rows)) pairEqual(group, partner)
  return partner
}

function equalAmounts(rows: readonly FlowRow[]): Iterable<FlowRow[]> {
  const groups = new Map<string, FlowRow[]>()
  for (const row of rows) {
    if (!isPairable(row)) continue
    const key = `${row.currency} ${Math.abs(row.amount)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups.values()
}

function isPairable(row: FlowRow): boolean {
  if (row.duplicate || row.kind !== null || isAlone(row) || neverPaired.has(row.look)) return false
  // Money out of a card is a purchase unless it says otherwise.
  return row.accountType !== 'credit' || row.amount > 0 || looksMoved(row)
}

const neverPaired: ReadonlySet<Look> = new Set(['income', 'interest', 'dividend', 'purchase', 'fee'])

// A longer chain of equal transfers would be shifted over months to explain two rows. Measured on the hard sets of
// test/golden: with fewer more is left unexplained, with more the months differ.
const MOST_CHANGED = 3

function pairEqual(group: FlowRow[], partner: Map<FlowRow, FlowRow>): void {
  const roots = group.filter(looksMoved)
  if (roots.length === 0 || group.length === 1) return
  roots.sort(inOrder)
  const silent = group.filter((row) => !looksMoved(row)).sort(inOrder)
  const edges = edgesOf(group)
  match(
    edges.filter((pair) => pair.every(looksMoved)),
    roots,
    partner,
  )
  match(edges, roots, partner)
  match(edges, silent, partner, MOST_CHANGED)
}

/** Posted sides before pending ones, the nearest day first, then the earliest. */
function edgesOf(group: readonly FlowRow[]): Edge['pair'][] {
  const ordered = group.toSorted(inOrder)
  const incoming = ordered.filter((row) => row.amount > 0)
  return ordered
    .filter((row) => row.amount < 0)
    .flatMap((out) => edgesFrom(out, incoming))
    .sort((a, b) => a.pendingSides - b.pendingSides || a.days - b.days)
    .map(({ pair }) => pair)
}

function edgesFrom(out: FlowRow, incoming: readonly FlowRow[]): Edge[] {
  const near = widen({ from: out.date, to: out.date }, PAIR_DAYS)
  return incoming
    .filter((into) => isWithin(into.date, near) && mayPair(out, into))
    .map((into) => ({
      pair: [out, into],
      days: Math.abs(daysBetween(out.date, into.date)),
      pendingSides: Number(out.pending) + Number(into.pending),
    }))
}

function mayPair(out: FlowRow, into: FlowRow): boolean {
  const types = [out.accountType, into.accountType]
  if (out.accountId === into.accountId || !types.some(isFlowAccount)) return false
  const looks = [out.look, into.look]
  if (looks.includes('card_payment')) return types.includes('credit')
  if (looks.includes('loan_payment')) return types.includes('loan')
  return looks.includes('transfer')
}

function looksMoved({ look }: FlowRow): boolean {
  return look === 'transfer' || look === 'card_payment' || look === 'loan_payment'
}

/** By content first: ids only decide between rows that count alike. */
function inOrder(a: FlowRow, b: FlowRow): number {
  return (
    compare(a.date, b.date) ||
    Number(a.pending) - Number(b.pending) ||
    compare(a.look, b.look) ||
    compare(a.accountType, b.accountType) ||
    a.amount - b.amount ||
    compare(a.accountId, b.accountId) ||
    compare(a.rule ?? '', b.rule ?? '')
  )
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
