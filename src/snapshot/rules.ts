import { type Rule, type RuleKind, ruleKinds } from '../model.ts'
import type { Kind } from './kinds.ts'
import type { FlowRow } from './row.ts'

/**
 * The rows as the owner's rules have them. Of the rules whose text is in the name or merchant of a row the longest
 * counts, then the newest. Rows without their transaction have no text, and stay what they were when they had one.
 */
export function underRules(rows: readonly FlowRow[], rules: readonly Rule[]): readonly FlowRow[] {
  if (rules.length === 0) return rows
  const ordered = rules.toSorted(
    (a, b) => b.match.length - a.match.length || (a.createdAt < b.createdAt ? 1 : -1),
  )
  return rows.map((row) => {
    const text = textOf(row)
    const rule = ordered.find(({ match }) => text.includes(match))
    return rule === undefined ? row : ruled(row, rule)
  })
}

/** @param match cleaned, in lower case */
export function isMatch(row: FlowRow, match: string): boolean {
  return textOf(row).includes(match)
}

/** The line break parts the two, since no cleaned text has one. */
function textOf({ transaction }: FlowRow): string {
  return transaction === null ? '' : `${transaction.name}\n${transaction.merchant ?? ''}`.toLowerCase()
}

function ruled(row: FlowRow, { kind, category }: Rule): FlowRow {
  const { look, transaction } = row
  return {
    ...row,
    rule: kind,
    look: kind === 'transfer' ? 'transfer' : look,
    transaction:
      transaction === null || category === null
        ? transaction
        : { ...transaction, category: { primary: category, detailed: category, confidence: null } },
  }
}

/** What a posted row counts as, by what it would be without its rule. */
export function kindUnder(rule: RuleKind | null, kind: Kind, amount: number): Kind {
  switch (rule) {
    case null:
      return kind
    case 'ignore':
      return 'ignored'
    case 'income':
      return amount > 0 ? 'income' : 'expense'
    case 'expense':
      return amount > 0 ? 'refund' : 'expense'
    case 'transfer':
      return moved.has(kind) ? kind : 'transfer'
  }
}

const moved: ReadonlySet<Kind> = new Set(['transfer', 'contribution', 'card_payment'])

/** Whether the owner said that it is one side of nothing. */
export function isAlone({ rule }: FlowRow): boolean {
  return rule === 'income' || rule === 'expense'
}

export function isRuleKind(word: string | null): word is RuleKind {
  return ruleKinds.some((kind) => kind === word)
}
