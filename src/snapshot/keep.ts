import type { Account, FlowDay, FlowMove } from '../model.ts'
import type { Verdict } from './judge.ts'
import { isKind, isLook, type Kind, type Look } from './kinds.ts'
import { type FlowRow, isFlowAccount, onAccount } from './row.ts'
import { isAlone, isRuleKind } from './rules.ts'

/** All that stays of transactions on disk while the ledger is off. */
export interface Kept {
  readonly days: readonly FlowDay[]
  readonly moves: readonly FlowMove[]
}

/**
 * Reduces rows to what may be kept: single amounts, without text or id, of what may be one side of a transfer
 * or card payment, and sums per day of the rest.
 *
 * Judge the rows of all connections together before this: a row without any look of its own is kept single
 * only when its partner was there.
 */
export function keep(rows: readonly FlowRow[], verdicts: ReadonlyMap<FlowRow, Verdict>): Kept {
  const days: Days = new Map()
  const moves: FlowMove[] = []
  for (const row of rows) {
    const verdict = verdicts.get(row)
    if (verdict === undefined) throw new TypeError('a row that was not judged')
    if (isMove(row, verdict)) moves.push(moveOf(row))
    else if (isSummed(row)) addToDay(row, verdict.kind, days)
  }
  return { days: [...days.values()].flat(), moves }
}

/**
 * A row that counts as it will once nothing but what is kept of it is known, with its transaction still: judged
 * again, without the purchases and partners that decided it, it stays what it was.
 */
export function settled(row: FlowRow, verdict: Verdict): FlowRow {
  return isMove(row, verdict) ? row : { ...row, kind: verdict.kind }
}

/** The rows that what was kept stands for; nothing of accounts that are gone. */
export function restore(kept: Kept, accounts: readonly Account[]): FlowRow[] {
  const byId = new Map(accounts.map((account) => [account.accountId, account]))
  return [
    ...kept.days.flatMap((day) => onKnown(day.accountId, byId, (account) => rowOfDay(day, account))),
    ...kept.moves.flatMap((move) => onKnown(move.accountId, byId, (account) => rowOfMove(move, account))),
  ]
}

function isMove(row: FlowRow, { partner }: Verdict): boolean {
  if (row.kind !== null || isAlone(row)) return false
  if (partner !== null || row.look === 'transfer' || row.look === 'card_payment') return true
  return row.look === 'loan_payment' && row.accountType === 'loan'
}

/** Of an investment account what it earned and cost. */
function isSummed({ accountType, kind }: FlowRow): boolean {
  return isFlowAccount(accountType) || (accountType === 'investment' && kind !== null)
}

function moveOf({ itemId, accountId, date, currency, amount, look, pending, rule }: FlowRow): FlowMove {
  return { itemId, accountId, date, currency, amount, look, pending, rule }
}

/** A day in the making. */
type Sum = FlowDay & { sum: number; count: number }

/** By date: rows are many, and the sums of one date few. */
type Days = Map<string, Sum[]>

function addToDay(row: FlowRow, kind: Kind, days: Days): void {
  const { itemId, accountId, date, currency } = row
  const sums = days.get(date) ?? []
  if (sums.length === 0) days.set(date, sums)
  const known = sums.find(
    (one) => one.kind === kind && one.accountId === accountId && one.currency === currency,
  )
  if (known === undefined) {
    sums.push({ itemId, accountId, date, currency, kind, sum: row.amount, count: row.count })
    return
  }
  known.sum += row.amount
  known.count += row.count
}

function onKnown(
  accountId: string,
  accounts: ReadonlyMap<string, Account>,
  row: (account: Account) => FlowRow,
): FlowRow[] {
  const account = accounts.get(accountId)
  return account === undefined ? [] : [row(account)]
}

function rowOfDay(day: FlowDay, account: Account): FlowRow {
  return {
    ...onAccount(account),
    date: day.date,
    amount: day.sum,
    currency: day.currency,
    pending: day.kind === 'pending',
    look: 'plain',
    merchant: null,
    kind: isKind(day.kind) ? day.kind : bySign(day.sum),
    count: day.count,
    rule: null,
    transaction: null,
  }
}

function rowOfMove(move: FlowMove, account: Account): FlowRow {
  return {
    ...onAccount(account),
    date: move.date,
    amount: move.amount,
    currency: move.currency,
    pending: move.pending,
    look: lookWord(move.look),
    merchant: null,
    kind: null,
    count: 1,
    rule: isRuleKind(move.rule) ? move.rule : null,
    transaction: null,
  }
}

// Another version may have written words that this one does not know.
function lookWord(word: string): Look {
  return isLook(word) ? word : 'plain'
}

function bySign(amount: number): Kind {
  return amount > 0 ? 'income' : 'expense'
}
