import { type Kind, kindAlone } from './kinds.ts'
import { pairs } from './pairs.ts'
import { type FlowRow, isFlowAccount } from './row.ts'
import { kindUnder } from './rules.ts'

/** What a row counts as, and the other side of it where there is one. */
export interface Verdict {
  readonly kind: Kind
  readonly partner: FlowRow | null
}

/**
 * Decides every row, with all rows of the household at hand, also of some days beyond the window: evidence is
 * the owner's rule, a pair, then Plaid's category where it is sure, then the sign.
 */
export function judge(rows: readonly FlowRow[]): ReadonlyMap<FlowRow, Verdict> {
  const partners = pairs(rows)
  const firstPurchase = firstPurchases(rows, partners)
  return new Map(rows.map((row) => [row, verdict(row, partners.get(row) ?? null, firstPurchase)]))
}

function verdict(row: FlowRow, partner: FlowRow | null, firstPurchase: ReadonlyMap<string, string>): Verdict {
  return { kind: row.kind ?? kindOf(row, partner, firstPurchase), partner }
}

function kindOf(row: FlowRow, partner: FlowRow | null, firstPurchase: ReadonlyMap<string, string>): Kind {
  if (row.pending) return 'pending'
  return kindUnder(row.rule, kindByItself(row, partner, firstPurchase), row.amount)
}

function kindByItself(
  row: FlowRow,
  partner: FlowRow | null,
  firstPurchase: ReadonlyMap<string, string>,
): Kind {
  if (partner !== null) return kindOfPair(row, partner)
  const kind = kindAlone(row.look, row.accountType, row.amount)
  return row.look === 'plain' && kind === 'income' && isRefund(row, firstPurchase) ? 'refund' : kind
}

/** Named by where the money goes; a card payment that comes back is one too. */
function kindOfPair(row: FlowRow, partner: FlowRow): Kind {
  const into = row.amount > 0 ? row : partner
  if (into.accountType === 'loan') return 'loan_payment'
  if (into.accountType === 'credit' || row.look === 'card_payment' || partner.look === 'card_payment') {
    return 'card_payment'
  }
  const invested = row.accountType === 'investment' || partner.accountType === 'investment'
  return invested ? 'contribution' : 'transfer'
}

/** The day of the first purchase at each merchant, by currency. */
function firstPurchases(
  rows: readonly FlowRow[],
  partners: ReadonlyMap<FlowRow, FlowRow>,
): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  for (const row of rows) {
    const key = merchantKey(row)
    if (key === null || !isPurchase(row) || partners.has(row)) continue
    const known = first.get(key)
    if (known === undefined || row.date < known) first.set(key, row.date)
  }
  return first
}

function isPurchase(row: FlowRow): boolean {
  const looksIt = row.look === 'plain' || row.look === 'purchase' || row.look === 'fee'
  const isSpent = row.rule === null || row.rule === 'expense'
  return looksIt && isSpent && row.amount < 0 && isFlowAccount(row.accountType)
}

function isRefund(row: FlowRow, firstPurchase: ReadonlyMap<string, string>): boolean {
  const key = merchantKey(row)
  const first = key === null ? undefined : firstPurchase.get(key)
  return first !== undefined && first <= row.date
}

function merchantKey({ merchant, currency }: FlowRow): string | null {
  return merchant === null ? null : `${currency} ${merchant}`
}
