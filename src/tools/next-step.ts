import { isReplaced, kindOf } from '../connections/index.ts'
import type { Connection } from '../model.ts'
import type { NextStep } from './shapes.ts'

type Subject = Pick<
  Connection,
  'itemId' | 'institution' | 'status' | 'reason' | 'deadline' | 'newAccounts' | 'replacedBy'
> &
  /** They tell how to connect it again. */
  Partial<Pick<Connection, 'products'>>

/** What to do in the chat, and where something is to be changed the command that does the same in a shell. */
interface Step extends NextStep {
  readonly command?: string
  /** A further sentence that names a tool, for where there are tools that change something. */
  readonly inChat?: string
}

/**
 * The one thing to do next about a connection; undefined when there is nothing. Where no tool may change
 * anything (`readOnly`), and for a person at a terminal, it names the command.
 */
export function nextStepFor(connection: Subject, readOnly: boolean): NextStep | undefined {
  const step = stepOf(connection)
  if (step === undefined) return undefined
  const { command, inChat, ...offered } = step
  if (readOnly && command !== undefined) return { text: `${step.text} In a shell: ${command}` }
  return inChat === undefined ? offered : { ...offered, text: `${step.text} ${inChat}` }
}

/** The same as one text, for where there is no place for a tool and its arguments. */
export function nextStepText(connection: Subject, readOnly: boolean): string | undefined {
  const step = nextStepFor(connection, readOnly)
  if (step?.tool === undefined) return step?.text
  const args = Object.entries(step.arguments ?? {}).map(([name, value]) => `${name}=${String(value)}`)
  return `${step.text} Call ${step.tool} with ${args.join(' and ')}.`
}

/** True when its owner has to do something, here or at the bank; an outage and missing data pass by themselves. */
export function needsAttention(connection: Subject): boolean {
  return stepOf(connection)?.command !== undefined
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
      return reconnect(`The connection to ${institution} is over. Connect the bank again.`, connection)
    case 'revoked':
      return reconnect(
        `The permission for ${institution} was taken back. Connect it again only if that is wanted.`,
        connection,
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

/** Its label and its person the new one inherits; a kind that is not the default is to be said. */
function reconnect(text: string, { itemId, products = [] }: Subject): Step {
  const kind = kindOf(products)
  const command = `coffer-mcp connect --replaces ${itemId}`
  const step = { text, tool: 'connect_bank' }
  return kind === 'bank'
    ? { ...step, arguments: { replaces: itemId }, command }
    : { ...step, arguments: { replaces: itemId, kind }, command: `${command} --kind ${kind}` }
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
    text: `${institution} ${wanted}`,
    inChat: `Then repair the login: call start_reauth with item_id=${itemId}.`,
    command: `coffer-mcp reauth --item-id ${itemId}`,
  }
}

/** What has to be done on the bank's own site before update mode can help. */
const wantedAtBank: ReadonlyMap<string, string> = new Map([
  ['ITEM_LOCKED', "has locked the login. Unlock it on the bank's own site."],
  ['PASSWORD_RESET_REQUIRED', "wants a new password. Set it on the bank's own site."],
  ['USER_SETUP_REQUIRED', "wants something confirmed. Log in on the bank's own site and do it."],
])
