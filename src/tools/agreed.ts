import type { ApprovedAction } from '../approved-action.ts'
import { CofferError } from '../errors.ts'
import type { Core } from './context.ts'
import { removeInTime } from './removed.ts'

/** Does what a person has agreed to on a page; what came of it, as the person reads it. */
export async function performAgreed(
  { removals }: ApprovedAction,
  core: Pick<Core, 'connections' | 'store' | 'readOnly'>,
): Promise<string> {
  // Another copy has asked, and the answer came to this one.
  if (core.readOnly)
    throw new CofferError('READ_ONLY', 'Changes are switched off in this copy, so nothing was removed.', {
      fix: 'Ask again, and answer on the page that then opens.',
    })
  const rows = new Map((await core.store.connections.list()).map((row) => [row.itemId, row]))
  // What was removed meanwhile stays gone; what came since was not meant.
  const meant = removals.flatMap(({ itemId, cause }) => {
    const row = rows.get(itemId)
    return row === undefined ? [] : [{ row, cause }]
  })
  if (meant.length === 0) return 'What was meant is gone already.'
  const groups = new Map(
    [...Map.groupBy(meant, ({ cause }) => cause)].map(([cause, all]) => [cause, all.map(({ row }) => row)]),
  )
  const { next_step } = await removeInTime(groups, core)
  return next_step?.text ?? ''
}
