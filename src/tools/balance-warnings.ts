import { isGone } from '../connections/index.ts'
import type { Account, Connection } from '../model.ts'
import { type Unclear, unclearBalances } from '../snapshot/index.ts'
import type { SourceState } from '../sync/index.ts'
import type { Core } from './context.ts'
import type { Warning } from './shapes.ts'
import { firstOf } from './warnings.ts'

/** Accounts whose balance is not in the totals, or not all of it, though their bank is. */
export async function balanceWarnings(
  sources: readonly SourceState[],
  { store }: Pick<Core, 'store'>,
): Promise<Warning[]> {
  const shown = sources.map(({ connection }) => connection).filter((row) => !isGone(row))
  const banks = new Map(shown.map((row) => [row.itemId, row]))
  const accounts = (await store.accounts.list()).filter(({ itemId }) => banks.has(itemId))
  const all = unclearBalances(accounts, await store.holdings.list())
  const told = all.flatMap((unclear) => warningOf(unclear, banks.get(unclear.account.itemId)))
  const [untold, others] = [
    told.filter(({ code }) => code === unknown),
    told.filter(({ code }) => code !== unknown),
  ]
  return [
    ...firstOf(untold, (more) => `Nor are the balances of ${more} more accounts; list_connections has them.`),
    ...firstOf(others, (more) => `Nor are ${more} more accounts in any total; list_connections has them.`),
  ]
}

const unknown = 'BALANCE_NOT_KNOWN'

function warningOf({ account, why }: Unclear, bank: Connection | undefined): Warning[] {
  if (bank === undefined) return []
  const [item_id, name] = [bank.itemId, `${nameOf(account)} at ${bank.institution}`]
  const { currency } = account
  switch (why) {
    case 'unknown':
      return [{ code: unknown, item_id, text: `No balance is known of ${name}: it counts as 0.` }]
    case 'partly': {
      const text = `No balance is known of ${name}: it counts as those of its positions that have a value in ${currency}.`
      return [{ code: unknown, item_id, text }]
    }
    case 'type': {
      const text = `What is on ${name} is in no total: it is neither a bank, card, loan nor investment account.`
      return [{ code: 'ACCOUNT_NOT_COUNTED', item_id, text }]
    }
  }
}

/** By what the bank calls accounts, and not by the name of this one: that anybody may have written. */
function nameOf({ accountId, subtype, mask }: Account): string {
  const ending = mask === null ? '' : ` ending ${mask}`
  return `the ${subtype === null ? '' : `${subtype} `}account${ending} (account_id=${accountId})`
}
