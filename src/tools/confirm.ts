import type { ApprovedAction } from '../approved-action.ts'
import { CofferError } from '../errors.ts'
import type { ToolContext } from './context.ts'
import type { NextStep } from './shapes.ts'

/** What is to be told while a person has yet to say yes; nothing is done. */
export interface Pending {
  readonly pending: 'confirmation'
  readonly next_step: NextStep
}

/**
 * Gets a person's yes where the model cannot give it: by a question of the client, else on a page of ours, else by a
 * command. Null: it was given. Rejects with NOT_CONFIRMED when the person was asked and did not say yes.
 * @param command that does the same in a shell
 */
export async function confirm(
  action: ApprovedAction,
  command: string,
  { elicitYes, approve, openPage }: Pick<ToolContext, 'elicitYes' | 'approve' | 'openPage'>,
): Promise<Pending | null> {
  if (elicitYes !== null) {
    if (await elicitYes(action.question)) return null
    throw notConfirmed(command)
  }
  const page = await approve(action)
  if (page === null) return pending(`only a person can do it, in a shell: ${command}`)
  const opened = (await openPage(page)) ? ', which was opened in the browser,' : ''
  return pending(`give the person this page${opened} to confirm it within five minutes: ${page.open()}`)
}

function pending(way: string): Pending {
  return { pending: 'confirmation', next_step: { text: `Nothing was done yet; ${way}` } }
}

function notConfirmed(command: string): CofferError {
  return new CofferError('NOT_CONFIRMED', 'No person has said yes, so nothing was removed.', {
    fix: `Ask the person; they may also run ${command} in a shell.`,
  })
}

const mostNamed = 8

/** The banks of a question or an answer, of many the first few. */
export function namesOf(rows: readonly { readonly institution: string }[]): string {
  const names = rows.slice(0, mostNamed).map(({ institution }) => institution)
  const more = rows.length - names.length
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}
