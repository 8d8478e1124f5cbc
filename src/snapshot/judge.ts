import { type Kind, kindAlone } from './kinds.ts'
import { pairs } from './pairs.ts'
import { type FlowRow, isFlowAccount } from './row.ts'
import { kindUnder } from './rules.ts'
import { addDays } from './window.ts'

/** How many days a purchase may lie before its refund. */
export const REFUND_DAYS = 60

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
  const purchases = purchaseDays(rows, partners)
  const verdicts = new Map<FlowRow, Verdict>()
  for (const row of rows) verdicts.set(row, verdict(row, partners.get(row) ?? null, purchases))
  return verdicts
}

/** By merchant and currency, ascending. */
type PurchaseDays = ReadonlyMap<string, readonly string[]>

function verdict(row: FlowRow, partner: FlowRow | null, purchases: PurchaseDays): Verdict {
  return { kind: row.kind ?? kindOf(row, partner, purchases), partner }
}

function kindOf(row: FlowRow, partner: FlowRow | null, purchases: PurchaseDays): Kind {
  if (row.pending) return 'pending'
  return kindUnder(row.rule, kindByItself(row, partner, purchases), row.amount)
}

function kindByItself(row: FlowRow, partner: FlowRow | null, purchases: PurchaseDays): Kind {
  if (partner !== null) return kindOfPair(row, partner)
  const kind = kindAlone(row.look, row.accountType, row.amount)
  return row.look === 'plain' && kind === 'income' && isRefund(row, purchases) ? 'refund' : kind
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

function purchaseDays(rows: readonly FlowRow[], partners: ReadonlyMap<FlowRow, FlowRow>): PurchaseDays {
  const days = new Map<string, string[]>()
  for (const row of rows) {
    const key = merchantKey(row)
    if (key === null || !isPurchase(row) || partners.has(row)) continue
    const known = days.get(key)
    if (known === undefined) days.set(key, [row.date])
    else known.push(row.date)
  }
  for (const known of days.values()) known.sort()
  return days
}

function isPurchase(row: FlowRow): boolean {
  const looksIt = row.look === 'plain' || row.look === 'purchase' || row.look === 'fee'
  const isSpent = row.rule === null || row.rule === 'expense'
  return looksIt && isSpent && row.amount < 0 && isFlowAccount(row.accountType)
}

/** Of a purchase of the days before it, however far back purchases are known: the same rows always count the same. */
function isRefund(row: FlowRow, purchases: PurchaseDays): boolean {
  const key = merchantKey(row)
  const days = key === null ? undefined : purchases.get(key)
  const last = days?.findLast((day) => day <= row.date)
  return last !== undefined && last >= addDays(row.date, -REFUND_DAYS)
}

function merchantKey({ merchant, currency }: FlowRow): string | null {
  return merchant === null ? null : `${currency} ${merchant}`
}
