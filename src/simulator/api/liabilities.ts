import { z } from 'zod'
import { accountsOf, bankOf } from '../bank.ts'
import { dataEndpoint } from '../endpoint.ts'
import { itemView } from '../item-view.ts'
import { useProduct } from '../products.ts'
import { accessToken, accountsOption } from './fields.ts'

const get = dataEndpoint(
  '/liabilities/get',
  z.strictObject({ access_token: accessToken, options: accountsOption }),
  (item, { options }, world) => {
    useProduct(world, item, 'liabilities')
    const accounts = accountsOf(world, item, options?.account_ids)
    const { credit, mortgage, student } = bankOf(world, item).liabilities
    const ids = new Set(accounts.map(({ account_id }) => account_id))
    const liabilities = {
      credit: shownOf(credit, ids),
      mortgage: shownOf(mortgage, ids),
      student: shownOf(student, ids),
    }
    return { accounts, liabilities, item: itemView(world, item) }
  },
)

/** Plaid says null, not an empty list, for a kind that there is none of. */
function shownOf<Row extends { account_id: string | null }>(
  rows: readonly Row[] | null,
  ids: ReadonlySet<string>,
) {
  const shown = (rows ?? []).filter(({ account_id }) => account_id === null || ids.has(account_id))
  return shown.length === 0 ? null : shown
}

export const liabilityEndpoints = [get]
