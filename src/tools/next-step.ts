import { isReplaced } from '../connections/index.ts'
import type { Connection } from '../model.ts'
import type { NextStep } from './shapes.ts'

type Subject = Pick<
  Connection,
  'itemId' | 'institution' | 'status' | 'reason' | 'deadline' | 'newAccounts' | 'replacedBy'
>

/** What to do in the chat, and where something is to be changed the command that does the same in a shell. */
interface Step extends NextStep {
  readonly command?: string
}

/**
 * The one thing to do next about a connection; undefined when there is nothing. Where no tool may change
 * anything (`readOnly`), and for a person at a terminal, it names the command.
 */
export function nextStepFor(connection: Subject, readOnly: boolean): NextStep | undefined {
  const step = stepOf(connection)
  if (step === undefined) return undefined
  const { command, ...offered } = step
  if (!readOnly || command === undefined) return offered
  return { text: `${step.text} In a shell: ${command}` }
}

function stepOf(connection: Subject): Step | undefined {
  const { institution, itemId } = connection
  if (isReplaced(connection)) return replaced(connection)
  switch (connection.status) {
    case 'needs_reauth':
      return repair(`${institution} needs a new login. Start the repair and open its link.`, itemId)
    case 'expiring':
      return repair(expiring(connection), itemId)
    case 'preparing':
      return {
        text: `Plaid is still fetching the data of ${institution}. Ask again in a minute.`,
        tool: 'check_connection',
        arguments: { item_id: itemId },
      }
    case 'bank_issue':
      return bankIssue(connection)
    case 'expired':
      return reconnect(`The connection to ${institution} is over. Connect the bank again.`, itemId)
    case 'revoked':
      return reconnect(
        `The permission for ${institution} was taken back. Connect it again only if that is wanted.`,
        itemId,
      )
    case 'removing':
      return { text: `${institution} is being removed; this is retried until Plaid confirms it.` }
    case 'active':
      return connection.newAccounts ? addAccounts(connection) : undefined
  }
}

function repair(text: string, itemId: string): Step {
  return {
    text,
    tool: 'start_reauth',
    arguments: { item_id: itemId },
    command: `coffer-mcp reauth --item-id ${itemId}`,
  }
}

function reconnect(text: string, itemId: string): Step {
  return {
    text,
    tool: 'connect_bank',
    arguments: { replaces: itemId },
    command: `coffer-mcp connect --replaces ${itemId}`,
  }
}

function replaced({ institution, replacedBy }: Subject): Step {
  return {
    text: `${institution} was connected again and counts through that connection (item_id ${replacedBy}). Of this one only the token is kept; nothing needs to be done.`,
  }
}

function addAccounts({ institution, itemId }: Subject): Step {
  return {
    text: `${institution} has new accounts that are not shared yet.`,
    tool: 'start_reauth',
    arguments: { item_id: itemId, add_accounts: true },
    command: `coffer-mcp reauth --item-id ${itemId} --add-accounts`,
  }
}

function expiring({ institution, deadline }: Subject): string {
  const until = deadline?.slice(0, 10) ?? 'soon'
  return `${institution} works until ${until}, then the bank cuts it off. Renew the login before that.`
}

function bankIssue({ institution, itemId, reason }: Subject): Step {
  const wanted = wantedAtBank.get(reason ?? '')
  if (wanted === undefined)
    return {
      text: `${institution} or Plaid does not answer at the moment. Wait; it is tried again by itself.`,
    }
  return {
    text: `${institution} ${wanted} Then repair the login with start_reauth.`,
    command: `coffer-mcp reauth --item-id ${itemId}`,
  }
}

/** What has to be done on the bank's own site before update mode can help. */
const wantedAtBank: ReadonlyMap<string, string> = new Map([
  ['ITEM_LOCKED', "has locked the login. Unlock it on the bank's own site."],
  ['PASSWORD_RESET_REQUIRED', "wants a new password. Set it on the bank's own site."],
  ['USER_SETUP_REQUIRED', "wants something confirmed. Log in on the bank's own site and do it."],
])
