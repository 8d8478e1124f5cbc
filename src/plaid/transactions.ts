import { textLimits } from '../text.ts'
import type { Category, Transaction } from '../model.ts'
import { currencyOf, turnedAt } from './amounts.ts'
import type { Call } from './call.ts'
import { dayAt, foreignAt, idAt, type Json, needed, numberAt, objectAt, sharedIdAt, wordAt } from './json.ts'
import type { Plaid } from './operations.ts'
import { allRows, pagesOf } from './paging.ts'

const shape = { rows: 'transactions', total: 'total_transactions', id: 'transaction_id' } as const

export function transactionCalls(call: Call): Pick<Plaid, 'transactions'> {
  return {
    async transactions(itemId, from, to, signal) {
      const fetchPage = pagesOf(call, {
        endpoint: '/transactions/get',
        itemId,
        span: { from, to },
        signal,
        send: (sdk, options, request) => sdk.transactionsGet(request, options),
      })
      return withoutReplaced(await allRows(fetchPage, shape, toTransaction))
    },
  }
}

/** A pending row whose posted one is here too would count twice. */
function withoutReplaced(rows: readonly Transaction[]): Transaction[] {
  const replaced = new Set<string>()
  for (const { pending, pendingTransactionId: id } of rows) if (!pending && id !== null) replaced.add(id)
  return rows.filter((row) => !row.pending || !replaced.has(row.transactionId))
}

/** Null for an amount so large that sums would not be exact. @throws CofferError PLAID_DOWN for what is no transaction: it would be taken for gone */
export function toTransaction(row: Json): Transaction | null {
  const transactionId = needed(idAt(row, 'transaction_id'), 'transaction_id')
  const accountId = needed(sharedIdAt(row, 'account_id'), 'account_id')
  const date = needed(dayAt(row, 'date'), 'date')
  needed(numberAt(row, 'amount'), 'amount')
  const currency = currencyOf(row)
  const amount = turnedAt(row, 'amount', currency)
  if (amount === null) return null
  const merchant = foreignAt(row, 'merchant_name')
  return {
    transactionId,
    accountId,
    date,
    amount,
    currency,
    name: foreignAt(row, 'name', textLimits.memo) ?? merchant ?? '',
    merchant,
    category: toCategory(objectAt(row, 'personal_finance_category')),
    pending: row.pending === true,
    pendingTransactionId: idAt(row, 'pending_transaction_id'),
  }
}

function toCategory(row: Json): Category | null {
  const primary = wordAt(row, 'primary')
  if (primary === null) return null
  const detailed = wordAt(row, 'detailed') ?? primary
  return { primary, detailed, confidence: wordAt(row, 'confidence_level') }
}
