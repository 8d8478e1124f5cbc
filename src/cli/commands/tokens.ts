import { confirm, isCancel } from '@clack/prompts'
import { CofferError } from '../../errors.ts'
import { cleanupTokens } from '../../tools/cleanup-tokens.ts'
import { revokeConnection } from '../../tools/revoke-connection.ts'
import { callTool, exitCodes, type Session } from '../command.ts'
import { showCleanup } from '../show/cleanup.ts'

type Options = Readonly<Record<string, string | number | boolean | undefined>>

export async function revoke(
  session: Session,
  itemId: string | undefined,
  options: Options,
): Promise<number> {
  if ((itemId === undefined) !== (options.all === true)) {
    throw new CofferError('INVALID_ARGUMENTS', 'tokens revoke takes either an item_id or --all.', {
      fix: 'coffer-mcp list has the item_ids.',
    })
  }
  const args = itemId === undefined ? { all: true } : { item_id: itemId }
  const result = await callTool(revokeConnection, args, asking(session, options))
  const { revoked, next_step: step } = result
  const lines = [
    ...revoked.map((row) => `${row.institution} (${row.item_id}) is removed.`),
    ...(step === undefined ? [] : [step.text]),
  ]
  session.print(
    session.json ? JSON.stringify(result, null, 2) : lines.join('\n') || 'There is no connection.',
  )
  // What Plaid has yet to confirm is no success yet.
  return itemId !== undefined && revoked.length === 0 ? exitCodes.failure : exitCodes.ok
}

export async function cleanup(session: Session, options: Options): Promise<number> {
  const args = {
    dry_run: options.dryRun === true,
    ...(options.days === undefined ? {} : { days_threshold: options.days }),
  }
  session.progress('Asking Plaid about every token')
  const result = await callTool(cleanupTokens, args, asking(session, options))
  session.print(session.json ? JSON.stringify(result, null, 2) : showCleanup(result))
  return result.connections.some(({ action }) => action === 'removing') ? exitCodes.failure : exitCodes.ok
}

/** A person at the terminal is asked, unless --yes says it already; where there is neither, nobody has said yes. */
function asking(session: Session, { yes }: Options) {
  const elicitYes = async (question: string): Promise<boolean> => {
    if (yes === true) return true
    if (!session.interactive) return false
    const answer = await confirm({ message: question, initialValue: false })
    return !isCancel(answer) && answer
  }
  return { ...session, elicitYes }
}
