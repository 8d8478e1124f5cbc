import type { AccountBase, Transaction } from 'plaid'
import type { Login } from './bank-data.ts'
import { guessOf } from './category.ts'
import type { CustomAccount, Owned } from './custom-user-file.ts'
import type { Shift } from './custom-user-shift.ts'
import { idOf } from './ids.ts'
import { accountShape, type Plain, rounded, transactionShape } from './shapes.ts'

/** What the real Sandbox's own accounts hold, for files that leave `starting_balance` out. */
const usualBalance: Readonly<Record<string, number>> = {
  checking: 110,
  savings: 210,
  cd: 1_000,
  'money market': 43_200,
  'credit card': 410,
  student: 65_262,
  mortgage: 56_302.06,
}

export function customAccount({ account, index, id }: Owned): Plain<AccountBase> {
  const { meta } = account
  const current = balanceOf(account)
  return accountShape({
    id,
    name: meta.name ?? `Plaid ${titled(account.subtype)}`,
    officialName: meta.official_name ?? null,
    mask: meta.mask ?? account.numbers.account?.slice(-4) ?? String(index % 10).repeat(4),
    type: account.type,
    subtype: account.subtype,
    current,
    available: availableOf(account, current),
    limit: meta.limit ?? null,
    currency: account.currency,
  })
}

/** As in the Sandbox, transactions do not move the balance: it is what the file says. */
function balanceOf({ starting_balance, subtype, liability, holdings }: CustomAccount): number {
  if (starting_balance !== undefined) return starting_balance
  if (liability !== undefined && liability.type !== 'credit') return liability.principal
  if (holdings.length === 0) return usualBalance[subtype] ?? 100
  return rounded(
    holdings.reduce((sum, { quantity, institution_price }) => sum + quantity * institution_price, 0),
  )
}

function availableOf(account: CustomAccount, current: number): number | null {
  if (account.force_available_balance !== undefined) return account.force_available_balance
  if (account.has_null_available_balance === true) return null
  if (account.type === 'depository') return current
  const { limit } = account.meta
  return account.type === 'credit' && limit !== undefined ? rounded(limit - current) : null
}

function titled(words: string): string {
  return words.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
}

export function customTransactions(
  { account, index, id }: Owned,
  { itemSeed, today }: Login,
  shift: Shift,
): Plain<Transaction>[] {
  return account.transactions.map((row, rowIndex) => {
    const happened = shift(row.date_transacted)
    const posted = shift(row.date_posted)
    const pending = posted > today
    return transactionShape({
      id: idOf(itemSeed, 'row', String(index), String(rowIndex)),
      accountId: id,
      amount: row.amount,
      currency: row.currency,
      date: pending ? happened : posted,
      // One of Plaid's files has rows that post before they happen.
      authorized: happened < posted ? happened : posted,
      text: row.description,
      ...guessOf(row.description, row.amount),
      pending,
      pendingId: null,
    })
  })
}
