import { z } from 'zod'
import type { ApprovedAction } from '../approved-action.ts'
import { type Found, groupsOf, type Inspection, statisticsOf } from '../connections/index.ts'
import { confirm, namesOf } from './confirm.ts'
import type { ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { removeInTime } from './removed.ts'
import { nextStep } from './shapes.ts'

/** What is left of the time is for removing. */
const checkMs = 9_000
const mostListed = 100

export const cleanupTokens = defineTool({
  name: 'cleanup_tokens',
  title: 'Clean up tokens',
  description:
    'Checks every access token at Plaid (free) and finds connections that are over, taken back, or unused by a person for days_threshold days. A dry run only tells; else they are removed at Plaid and here, for good, once a person has confirmed it outside of the chat. What only needs a login is left alone.',
  effect: 'destroy',
  input: z.strictObject({
    days_threshold: z.number().int().min(1).max(3650).default(90),
    dry_run: z.boolean().default(true),
  }),
  output: z.object({
    statistics: z.object({
      total_checked: z.number(),
      expired_removed: z.number(),
      stale_removed: z.number(),
      invalid_marked: z.number(),
      revoked_removed: z.number(),
      total_cleaned: z.number(),
    }),
    connections: z.array(
      z.object({ item_id: z.string(), institution: z.string(), action: z.string(), reason: z.string() }),
    ),
    pending: z.literal('confirmation').optional(),
    next_step: nextStep.optional(),
  }),
  async handle({ days_threshold: staleDays, dry_run: isDry }, context) {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(checkMs)])
    const inspection = await context.connections.inspect({ staleDays, mark: !isDry }, signal)
    const { found } = inspection
    if (isDry || found.length === 0) return foreseen(inspection, isDry)
    const pending = await confirm(actionFor(inspection), commandOf(staleDays), context)
    if (pending !== null) return { ...foreseen(inspection, true), ...pending }
    return await removeAll(inspection, context)
  },
})

async function removeAll(inspection: Inspection, context: ToolContext) {
  const { found } = inspection
  const { gone, next_step } = await removeInTime(groupsOf(found), context)
  const ids = new Set(gone.map(({ itemId }) => itemId))
  const removed = found.filter(({ connection }) => ids.has(connection.itemId))
  return {
    statistics: statisticsOf(inspection, removed),
    connections: rowsOf(found, ({ connection }) => (ids.has(connection.itemId) ? 'removed' : 'removing')),
    ...(next_step === undefined ? {} : { next_step }),
  }
}

/** What would be, were all that was found removed. */
function foreseen(inspection: Inspection, isDry: boolean) {
  const { found, doubtsKeys } = inspection
  const texts = [
    ...(isDry && found.length > 0 ? ['Nothing was removed: this is what dry_run=false would do.'] : []),
    ...(doubtsKeys ? [strangeKeys] : []),
  ]
  return {
    statistics: statisticsOf(inspection, found),
    connections: rowsOf(found, () => 'remove'),
    ...(texts.length === 0 ? {} : { next_step: { text: texts.join(' ') } }),
  }
}

const strangeKeys =
  'Plaid knows none of these tokens: if your Plaid keys have changed, set the former ones first, since what is removed now may live on, and be billed, there.'

function rowsOf(found: readonly Found[], action: (one: Found) => string) {
  return found.slice(0, mostListed).map((one) => ({
    item_id: one.connection.itemId,
    institution: one.connection.institution,
    action: action(one),
    reason: one.reason,
  }))
}

function actionFor({ found, doubtsKeys }: Inspection): ApprovedAction {
  const rows = found.map(({ connection }) => connection)
  const banks = [...groupsOf(found)].map(([reason, some]) => `${reason}: ${namesOf(some)}`)
  const doubt = doubtsKeys ? ` ${strangeKeys}` : ''
  return {
    removals: found.map(({ connection, reason }) => ({ itemId: connection.itemId, cause: reason })),
    question: `Remove ${rows.length} connections (${banks.join('; ')})? They end at Plaid, and everything that Coffer keeps of them is deleted. This cannot be undone.${doubt}`,
  }
}

function commandOf(staleDays: number): string {
  return `coffer-mcp tokens cleanup --days ${staleDays} --yes`
}
