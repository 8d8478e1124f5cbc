import { z } from 'zod'
import { wrongEnvironment } from '../connections/index.ts'
import type { ApprovedAction } from '../approved-action.ts'
import { CofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import { confirm, namesOf } from './confirm.ts'
import type { Core } from './context.ts'
import { defineTool } from './define.ts'
import { removeInTime } from './removed.ts'
import { itemId, nextStep } from './shapes.ts'

export const revokeConnection = defineTool({
  name: 'revoke_connection',
  title: 'Remove a bank connection',
  description:
    'Ends one connection, or all, for good: at Plaid, which ends what is billed, then everything that is kept of it here. A person has to confirm it outside of the chat. To have the bank again it must be connected anew; for a broken login use start_reauth.',
  effect: 'destroy',
  input: z.strictObject({
    item_id: itemId.optional(),
    all: z.boolean().optional().describe('true: every connection'),
  }),
  output: z.object({
    revoked: z.array(z.object({ item_id: z.string(), institution: z.string() })),
    revoked_count: z.number(),
    pending: z.literal('confirmation').optional(),
    next_step: nextStep.optional(),
  }),
  async handle(args, context) {
    const rows = await meant(args, context)
    if (rows.length === 0) return { revoked: [], revoked_count: 0 }
    const pending = await confirm(actionFor(rows), commandOf(args), context)
    if (pending !== null) return { revoked: [], revoked_count: 0, ...pending }
    const { gone, next_step } = await removeInTime(new Map([['asked', rows]]), context)
    const revoked = gone.map((row) => ({ item_id: row.itemId, institution: row.institution }))
    return { revoked, revoked_count: revoked.length, ...(next_step === undefined ? {} : { next_step }) }
  },
})

/** What a person is to be asked for that, on a page that they have opened themselves. */
export async function removalAsked(args: object, core: Core): Promise<ApprovedAction> {
  const input = revokeConnection.input.parse(args)
  return actionFor(await meant(input, core))
}

interface Args {
  readonly item_id?: string | undefined
  readonly all?: boolean | undefined
}

/** Those of another environment are never called, so they cannot be ended from here. */
async function meant({ item_id: id, all = false }: Args, context: Core): Promise<readonly Connection[]> {
  const { connections, store, environment } = context
  if ((id === undefined) !== all) {
    throw new CofferError('INVALID_ARGUMENTS', 'revoke_connection takes either an item_id or all=true.', {
      fix: 'Give the item_id of the connection that is meant; list_connections has them.',
    })
  }
  if (id === undefined)
    return (await store.connections.list()).filter((row) => row.environment === environment)
  const row = await connections.find(id)
  if (row.environment !== environment) throw wrongEnvironment(row, environment)
  return [row]
}

function actionFor(rows: readonly Connection[]): ApprovedAction {
  const what = rows.length === 1 ? namesOf(rows) : `these ${rows.length} connections: ${namesOf(rows)}`
  return {
    removals: rows.map(({ itemId }) => ({ itemId, cause: 'asked' })),
    question: `Remove ${what}? It ends at Plaid, and everything that Coffer keeps of it is deleted. This cannot be undone.`,
  }
}

function commandOf({ item_id: id }: Args): string {
  return `coffer-mcp tokens revoke ${id ?? '--all'} --yes`
}
