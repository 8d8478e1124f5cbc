import type { Connection } from '../model.ts'
import type { NextStep } from './shapes.ts'

type Subject = Pick<Connection, 'itemId' | 'institution' | 'status' | 'reason' | 'deadline' | 'newAccounts'>

/** The one thing to do next about a connection; undefined when there is nothing. */
export function nextStepFor(connection: Subject, readOnly: boolean): NextStep | undefined {
  const { institution, itemId, status } = connection
  switch (status) {
    case 'needs_reauth':
      return repair(
        `${institution} needs a new login. Start the repair and give the person the link.`,
        itemId,
        readOnly,
      )
    case 'expiring':
      return repair(
        `${institution} works until ${connection.deadline?.slice(0, 10) ?? 'soon'}, then the bank cuts it off. Renew the login before that.`,
        itemId,
        readOnly,
      )
    case 'preparing':
      return {
        text: `Plaid is still fetching the data of ${institution}. Ask again in a minute.`,
        tool: 'check_connection',
        arguments: { item_id: itemId },
      }
    case 'bank_issue':
      return { text: bankIssue(connection) }
    case 'expired':
      return reconnect(
        `The connection to ${institution} is over and cannot be repaired. Connect the bank again.`,
        itemId,
        readOnly,
      )
    case 'revoked':
      return reconnect(
        `The permission for ${institution} was taken back. Connect it again only if the person wants it.`,
        itemId,
        readOnly,
      )
    case 'removing':
      return { text: `${institution} is being removed; this is retried until Plaid confirms it.` }
    case 'active':
      return connection.newAccounts ? addAccounts(connection, readOnly) : undefined
  }
}

function repair(text: string, itemId: string, readOnly: boolean): NextStep {
  if (readOnly)
    return { text: `${text} Changes are switched off here; run: coffer-mcp reauth --item-id ${itemId}` }
  return { text, tool: 'start_reauth', arguments: { item_id: itemId } }
}

function reconnect(text: string, itemId: string, readOnly: boolean): NextStep {
  if (readOnly)
    return { text: `${text} Changes are switched off here; run: coffer-mcp connect --replaces ${itemId}` }
  return { text, tool: 'connect_bank', arguments: { replaces: itemId } }
}

function addAccounts({ institution, itemId }: Subject, readOnly: boolean): NextStep {
  const text = `${institution} has new accounts that are not shared yet.`
  if (readOnly)
    return {
      text: `${text} Changes are switched off here; run: coffer-mcp reauth --item-id ${itemId} --add-accounts`,
    }
  return { text, tool: 'start_reauth', arguments: { item_id: itemId, add_accounts: true } }
}

function bankIssue({ institution, reason }: Subject): string {
  switch (reason) {
    case 'ITEM_LOCKED':
      return `${institution} has locked the login. Unlock it on the bank's own site, then call start_reauth.`
    case 'PASSWORD_RESET_REQUIRED':
      return `${institution} wants a new password. Set it on the bank's own site, then call start_reauth.`
    case 'USER_SETUP_REQUIRED':
      return `${institution} wants something confirmed. Log in on the bank's own site and do it, then call start_reauth.`
    default:
      return `${institution} or Plaid does not answer at the moment. Wait; it is tried again by itself.`
  }
}
