import { z } from 'zod'
import type { CofferError } from '../errors.ts'
import { statuses } from '../model.ts'
import { waitAtMost } from '../sync/wait.ts'
import { defineTool } from './define.ts'
import { needsAttention } from './next-step.ts'
import { pageOf } from './paging.ts'
import { connection, cursor, limit, warning } from './shapes.ts'
import { connectionView } from './views.ts'
import {
  attentionWarnings,
  connectionWarnings,
  listenerWarning,
  uncheckedWarning,
  vaultWarning,
} from './warnings.ts'

/** A tool answers within 20 s; checks that take longer go on behind. */
const patienceMs = 17_000

export const listConnections = defineTool({
  name: 'list_connections',
  title: 'List bank connections',
  description:
    'Lists every bank and brokerage connection with its accounts, how old its data are, whether its login still works, and the next step where something is wrong. Balances here are the stored ones; for current figures use sync_snapshot. refresh=true asks Plaid about each login now (free).',
  effect: 'refresh',
  view: 'connections',
  input: z.strictObject({
    status: z.enum(statuses).optional().describe('Only these'),
    refresh: z.boolean().default(false).describe('Check each login at Plaid now'),
    limit: limit(25),
    cursor,
  }),
  output: z.object({
    connections: z.array(connection),
    total: z.number(),
    next_cursor: z.string().optional(),
    needs_attention: z.number(),
    vault: z.enum(['ok', 'locked']),
    as_of: z.string(),
    warnings: z.array(warning),
  }),
  async handle(args, { store, connections, environment, readOnly, wantsWebhooks, now, admit, signal }) {
    const since = now()
    let failures: ReadonlyMap<string, CofferError> = new Map()
    if (args.refresh) {
      await admit()
      const checks = connections.checkAll(await store.connections.list(), signal)
      await waitAtMost(
        checks.then((found) => (failures = found)),
        patienceMs,
        signal,
      )
    }
    const [all, allAccounts, vaultState] = await Promise.all([
      store.connections.list(),
      store.accounts.list(),
      connections.vaultState(signal),
    ])
    const accounts = Map.groupBy(allAccounts, (account) => account.itemId)
    const asked = all.filter((row) => args.status === undefined || row.status === args.status)
    const page = pageOf(asked, args.limit, args.cursor, (row) =>
      connectionView(row, accounts.get(row.itemId) ?? [], readOnly),
    )
    const shown = page.rows.map((row) => row.item_id)
    return {
      connections: page.rows,
      total: all.length,
      ...(page.next === undefined ? {} : { next_cursor: page.next }),
      needs_attention: all.filter((row) => row.environment === environment && needsAttention(row)).length,
      vault: vaultState.state,
      as_of: new Date(now()).toISOString(),
      warnings: [
        ...vaultWarning(vaultState),
        ...listenerWarning(wantsWebhooks ? await store.leader.read() : null),
        ...connectionWarnings(all, { environment, readOnly }),
        ...attentionWarnings(all, shown, { environment, readOnly }),
        ...(args.refresh ? uncheckedWarning(all, { environment, since, failures }) : []),
      ],
    }
  },
})
