import { z } from 'zod'
import { type Connections, isOver, isReplaced, needsOwner, type OpenLink } from '../connections/index.ts'
import { CofferError, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { nextStepText } from './next-step.ts'
import { offerLink } from './offer-link.ts'
import { itemId, nextStep } from './shapes.ts'

export const startReauth = defineTool({
  name: 'start_reauth',
  title: 'Repair a bank login',
  description:
    'Makes a Plaid Link page on which the person renews the login of an existing connection, or shares more accounts or kinds of data; the connection, its history and its price stay. Give the person the url as it is. check_connection says `repaired` once Plaid has confirmed it. A connection that works is left alone unless force is set.',
  effect: 'write',
  input: z.strictObject({
    item_id: itemId.optional().describe('Default: the only connection that needs it'),
    add_accounts: z.boolean().default(false).describe('Let the person choose accounts again'),
    add_products: z
      .array(z.enum(['transactions', 'investments', 'liabilities']))
      .default([])
      .describe('Kinds of data to add; may start a paid subscription'),
    force: z.boolean().default(false).describe('Make a link although the login works'),
  }),
  output: z.object({
    item_id: z.string(),
    institution: z.string(),
    already_active: z.boolean(),
    link_id: z.string().optional(),
    url: z.string().optional(),
    expires_at: z.string().optional(),
    opened: z.boolean().optional(),
    next_step: nextStep,
  }),
  async handle(args, context) {
    const { connections } = context
    const named =
      args.item_id === undefined
        ? await connections.theOneToRepair(context.signal)
        : await connections.find(args.item_id)
    mustBeAllowed(args.add_products, context)
    const lacks = args.add_products.some((product) => !named.products.includes(product))
    const asked = args.force || args.add_accounts || lacks
    const open = needsLink(named, asked) ? await connections.links.reopen(named, askedFor(args)) : null
    if (open !== null) return await handOut(named, open, context)
    // Also one that is known to be over is asked about: with the right keys it may be back.
    const connection = await checked(named, context)
    mustBeRepairable(connection)
    if (!needsLink(connection, asked)) return alreadyActive(connection, needsOwner(named))
    if (!asked && mustWait(connection)) return notNow(connection)
    const made = await connections.links.forRepair(connection, repairOf(connection, args), context.signal)
    return await handOut(connection, made, context)
  },
})

/** The login of one that is preparing works; only its data are not there yet. */
function needsLink(connection: Connection, asked: boolean): boolean {
  const { status, newAccounts } = connection
  const works = status === 'active' || status === 'preparing'
  return !isOver(connection) && (!works || asked || newAccounts)
}

type Repair = Parameters<Connections['links']['reopen']>[1]
type Args = { add_accounts: boolean; add_products: ('transactions' | 'investments' | 'liabilities')[] }

function askedFor(args: Args): Repair {
  return { addAccounts: args.add_accounts, addProducts: args.add_products }
}

/** Who logs in once can share in the same go what is new at the bank, or what the bank shares no more. */
function repairOf(connection: Connection, args: Args): Repair {
  const { newAccounts, reason } = connection
  return { ...askedFor(args), addAccounts: args.add_accounts || newAccounts || reason === 'NO_ACCOUNTS' }
}

/** With this minute's checks used up, what is known to be broken can be repaired all the same. */
async function checked(named: Connection, { connections, signal }: ToolContext): Promise<Connection> {
  if (named.status === 'removing') return named
  try {
    return (await connections.health.check(named.itemId, signal, { forRepair: true })).connection
  } catch (error) {
    if (needsOwner(named) && isCofferError(error, 'PLAID_RATE_LIMITED')) return named
    // What Plaid's refusal calls for has been done already.
    if (isReplaced(named) && isCofferError(error, 'CONNECTION_ENDED')) return named
    throw error
  }
}

async function handOut(connection: Connection, open: OpenLink, context: ToolContext) {
  const { itemId, institution } = connection
  context.connections.watcher.watch(open.link.linkId)
  return {
    item_id: itemId,
    institution,
    already_active: false,
    link_id: open.link.linkId,
    url: open.url.open(),
    expires_at: open.link.expiresAt,
    opened: await offerLink(open, `Log in at ${institution} to renew its connection.`, context),
    next_step: {
      text: `Give the person the url to log in at ${institution}, then call check_connection until it says repaired.`,
      tool: 'check_connection',
      arguments: { link_id: open.link.linkId, wait_seconds: 15 },
    },
  }
}

/** What the texts call it; at a terminal it is another thing that one does. */
export const byForce = 'call start_reauth with force=true'

const outages = [
  'INSTITUTION_DOWN',
  'INSTITUTION_NOT_RESPONDING',
  'INSTITUTION_NOT_AVAILABLE',
  'PLANNED_MAINTENANCE',
  'INTERNAL_SERVER_ERROR',
]

/** A new login mends no outage, and a bank that is down could not take it. */
function mustWait({ status, reason }: Connection): boolean {
  return status === 'bank_issue' && outages.includes(reason ?? '')
}

function notNow({ itemId, institution, reason }: Connection) {
  const why = reason === null ? '' : ` (${reason})`
  return {
    item_id: itemId,
    institution,
    already_active: false,
    next_step: {
      text: `${institution} or Plaid does not answer at the moment${why}, and a new login would not help. Wait; it is tried again by itself. Should the bank ask for a login all the same, ${byForce}.`,
      tool: 'check_connection',
      arguments: { item_id: itemId },
    },
  }
}

/** A bank may refuse its data although Plaid calls the login whole: then only force gets the person out of it. */
function alreadyActive({ itemId, institution }: Connection, wasBroken: boolean) {
  const works = `${institution} works; Plaid has just confirmed it.`
  const rest = wasBroken
    ? `Should the next fetch ask for a login again, ${byForce}.`
    : 'There is nothing to repair.'
  return {
    item_id: itemId,
    institution,
    already_active: true,
    next_step: {
      text: `${works} ${rest}`,
      tool: 'sync_snapshot',
      arguments: {},
    },
  }
}

function mustBeRepairable(connection: Connection): void {
  if (!isOver(connection)) return
  const { status, institution } = connection
  const fix = nextStepText(connection, false)
  throw new CofferError(
    'CONNECTION_ENDED',
    `The connection to ${institution} is ${status} and cannot be repaired.`,
    fix === undefined ? {} : { fix },
  )
}

function mustBeAllowed(asked: readonly string[], { products }: ToolContext): void {
  const refused = asked.filter((product) => !products.some((allowed) => allowed === product))
  if (refused.length === 0) return
  throw new CofferError('BAD_SETTING', `PLAID_PRODUCTS leaves out ${refused.join(', ')}.`, {
    fix: `Set PLAID_PRODUCTS=${[...products, ...refused].join(',')} first.`,
  })
}
