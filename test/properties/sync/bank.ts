import type { Transaction } from '../../../src/model.ts'
import { translateCode } from '../../../src/plaid/index.ts'

/** What a bank says of a transaction: how it is now, or (null) that it is gone. */
export interface Told {
  readonly id: string
  readonly row: Transaction | null
}

export const now = (row: Transaction): Told => ({ id: row.transactionId, row })
export const gone = (id: string): Told => ({ id, row: null })

/** A page of `/transactions/sync`, as Plaid writes it. */
export type Answer = Readonly<Record<string, unknown>>

/**
 * A bank that tells one thing after the other and forgets none, read in pages from any place on. Within a page only
 * the last word on a transaction is told, as Plaid does it.
 */
export interface Bank {
  tell(told: readonly Told[]): void
  /** What is left of all that was told, in no particular order. */
  list(): readonly Transaction[]
  /** @param cursor where an earlier page ended; empty: from the beginning. @throws CofferError */
  page(cursor: string, size: number): Answer
}

/** @param isStrict a loop cannot be ended once there is more to tell than when it began */
export function openBank(isStrict: boolean): Bank {
  const log: Told[] = []

  function mustBeAsBefore(length: string | undefined): void {
    if (isStrict && length !== undefined && Number(length) !== log.length)
      throw translateCode('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION')
  }

  return {
    tell: (told) => void log.push(...told),
    list: () => [...lastWords(log).values()].flatMap(({ row }) => row ?? []),
    page(cursor, size) {
      const [start, length] = cursor.split('/')
      mustBeAsBefore(length)
      const from = Number(start)
      const end = Math.min(from + size, log.length)
      const said = [...lastWords(log.slice(from, end)).values()]
      const before = new Set(log.slice(0, from).map(({ id }) => id))
      const rows = (isKnown: boolean) =>
        said.flatMap(({ id, row }) => (row === null || before.has(id) !== isKnown ? [] : plaidRow(row)))
      const has_more = end < log.length
      return {
        transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
        accounts: [],
        added: rows(false),
        modified: rows(true),
        removed: said.flatMap(({ id, row }) =>
          row === null ? { transaction_id: id, account_id: 'any' } : [],
        ),
        next_cursor: has_more ? `${end}/${log.length}` : String(end),
        has_more,
      }
    },
  }
}

function lastWords(log: readonly Told[]): ReadonlyMap<string, Told> {
  return new Map(log.map((told) => [told.id, told]))
}

function plaidRow(row: Transaction) {
  const { category } = row
  return {
    transaction_id: row.transactionId,
    account_id: row.accountId,
    // Plaid's sign, in units of a hundred; one of the coins has eight digits.
    amount: -row.amount / (row.currency === 'BTC' ? 100_000_000 : 100),
    iso_currency_code: row.currency === 'BTC' ? null : row.currency,
    unofficial_currency_code: row.currency === 'BTC' ? row.currency : null,
    date: row.date,
    name: row.name,
    merchant_name: row.merchant,
    pending: row.pending,
    pending_transaction_id: row.pendingTransactionId,
    personal_finance_category: category && {
      primary: category.primary,
      detailed: category.detailed,
      confidence_level: category.confidence,
    },
  }
}
