import { z } from 'zod'
import { isOpen, isOver, kindOf, needsOwner } from '../connections/index.ts'
import { CofferError, sentencesOf } from '../errors.ts'
import { type Connection, statuses } from '../model.ts'
import type { Link } from '../store/store.ts'
import type { ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { nextStepFor } from './next-step.ts'
import { connection, itemId, type NextStep, nextStep } from './shapes.ts'
import { connectionView, present } from './views.ts'

const outcomes = [
  'connected',
  'repaired',
  'pending',
  'exited',
  'link_expired',
  'duplicate',
  ...statuses,
] as const
type Outcome = (typeof outcomes)[number]

export const checkConnection = defineTool({
  name: 'check_connection',
  title: 'Check a connection',
  description:
    'Tells how a link from connect_bank or start_reauth went, or how a connection is. `connected` and `repaired` are confirmed by Plaid; `pending` means the person has not finished; `exited` that they left the page (the same url still works until it expires). With wait_seconds it waits for a change.',
  effect: 'refresh',
  input: z.strictObject({
    item_id: itemId.optional(),
    link_id: z.string().max(64).optional().describe('From connect_bank or start_reauth'),
    wait_seconds: z.number().min(0).max(15).default(0),
    keep: z.boolean().default(false).describe('Connect although it is a duplicate: it costs another slot'),
  }),
  output: z.object({
    outcome: z.enum(outcomes),
    connection: connection.optional(),
    duplicate_of: z.string().optional(),
    next_step: nextStep.optional(),
  }),
  async handle(args, context) {
    const link = await findLink(args, context)
    if (link === null) return await report(null, await itemOf(args, null, context), context)
    // While somebody waits Plaid is asked more often.
    if (args.keep || (args.wait_seconds > 0 && isPolled(link))) await context.admit()
    if (args.keep && mayBeKept(link)) await keep(link, context)
    const moved = await follow(link, args.wait_seconds, context)
    return await report(moved, await itemOf(args, moved, context), context)
  },
})

function isPolled({ state }: Link): boolean {
  return state === 'open' || state === 'exchanging'
}

/** It may be said before the person has logged in: whether it is a duplicate shows only then. */
function mayBeKept({ mode, state }: Link): boolean {
  return mode === 'new' && (state === 'open' || state === 'duplicate')
}

/** The only thing here that changes something: a second connection is made. */
async function keep(link: Link, { connections, readOnly }: ToolContext): Promise<void> {
  if (!readOnly) return await connections.keepDuplicate(link)
  throw new CofferError('READ_ONLY', 'Changes are switched off, so no second connection is made.', {
    fix: 'Run it in a shell: coffer-mcp connect --keep',
  })
}

type Args = { item_id?: string | undefined; link_id?: string | undefined }

async function findLink(args: Args, { store, connections, now }: ToolContext): Promise<Link | null> {
  if (args.link_id === undefined && args.item_id === undefined) {
    throw new CofferError('INVALID_ARGUMENTS', 'check_connection needs an item_id or a link_id.', {
      fix: 'list_connections has the item_ids; connect_bank and start_reauth give link_ids.',
    })
  }
  if (args.link_id === undefined) {
    const latest = await store.links.latestOf((await connections.find(args.item_id ?? '')).itemId)
    // A link that nobody used says nothing of the connection.
    return latest !== null && outcomeOfLink(latest, now()) === 'link_expired' ? null : latest
  }
  const link = await store.links.find(args.link_id)
  if (link !== null) return link
  throw new CofferError(
    'UNKNOWN_LINK',
    `There is no link with the link_id ${JSON.stringify(args.link_id)}.`,
    {
      fix: 'Use the link_id that connect_bank or start_reauth gave, or the item_id of a connection.',
    },
  )
}

/** Waits in steps, so that a client that asked for progress sees that something is being waited for. */
async function follow(link: Link, seconds: number, context: ToolContext): Promise<Link> {
  const { watcher } = context.connections
  const until = performance.now() + seconds * 1000
  let moved = link
  do {
    const left = Math.max(0, until - performance.now())
    const before = moved
    moved = (await watcher.wait(link.linkId, Math.min(left, 3000), context.signal)) ?? moved
    if (isNews(before, moved, context.now())) return moved
    context.progress('Waiting for the person to finish at the bank')
  } while (performance.now() < until && !context.signal.aborted)
  return moved
}

/** Having left the page is news once: after that the person may open it again. */
function isNews(before: Link, moved: Link, now: number): boolean {
  const outcome = outcomeOfLink(moved, now)
  return outcome === 'exited' ? !before.exited : outcome !== 'pending'
}

async function itemOf(args: Args, link: Link | null, { store }: ToolContext): Promise<Connection | null> {
  const id = link?.itemId ?? args.item_id
  return id === undefined ? null : await store.connections.find(id)
}

async function report(link: Link | null, row: Connection | null, context: ToolContext) {
  const outcome = outcomeOf(link, row, context.now())
  const step =
    (await linkStep(link, outcome, row, context)) ??
    (row === null ? undefined : nextStepFor(row, context.readOnly))
  const accounts = row === null ? [] : await context.store.accounts.list(row.itemId)
  return {
    outcome,
    ...(row === null ? {} : { connection: connectionView(row, accounts, context.readOnly) }),
    ...(outcome === 'duplicate' && link?.duplicateOf ? { duplicate_of: link.duplicateOf } : {}),
    ...(step === undefined ? {} : { next_step: step }),
  }
}

/** A login that broke again after its repair is broken, and one that is over is over, whatever its last link was. */
function outcomeOf(link: Link | null, row: Connection | null, now: number): Outcome {
  const ofLink = link === null ? null : outcomeOfLink(link, now)
  if (row === null) return ofLink ?? 'pending'
  const brokeAgain = link?.state === 'succeeded' && row.status === 'needs_reauth'
  return ofLink === null || brokeAgain || isOver(row) ? row.status : ofLink
}

function outcomeOfLink(link: Link, now: number): Exclude<Outcome, Connection['status']> {
  if (link.state === 'succeeded') return link.mode === 'new' ? 'connected' : 'repaired'
  if (link.state === 'duplicate') return 'duplicate'
  if (link.state === 'exchanging') return 'pending'
  if (link.state === 'expired' || link.state === 'lost' || !isOpen(link, now)) return 'link_expired'
  return link.exited ? 'exited' : 'pending'
}

async function linkStep(
  link: Link | null,
  outcome: Outcome,
  row: Connection | null,
  { store, connections, readOnly }: ToolContext,
): Promise<NextStep | undefined> {
  if (link === null) return undefined
  const again = { tool: 'check_connection', arguments: { link_id: link.linkId, wait_seconds: 15 } }
  switch (outcome) {
    case 'connected':
    case 'repaired':
      return {
        text: ['Plaid has confirmed it. The figures are fetched now.', await besides(link, row, store)]
          .flat()
          .join(' '),
        tool: 'sync_snapshot',
        arguments: {},
      }
    case 'pending':
      return { text: pendingText(link, connections.watcher.problemOf(link.linkId)), ...again }
    case 'exited':
      return {
        text: 'The person left the page before the end. The same url can be opened again until it expires.',
        ...again,
      }
    case 'duplicate':
      return readOnly
        ? { text: `${duplicateText} In a shell: coffer-mcp connect --keep` }
        : {
            text: `${duplicateText} Keep the old one, or call again with keep=true to connect it a second time.`,
            tool: 'check_connection',
            arguments: { link_id: link.linkId, keep: true },
          }
    case 'link_expired':
      return { text: expiredText(link), ...restartOf(link) }
    default:
      return undefined
  }
}

const duplicateText = 'This login is connected already, so nothing new was made.'

/** What the person should know besides the good news. */
async function besides(link: Link, row: Connection | null, store: ToolContext['store']): Promise<string[]> {
  const declined = row === null ? [] : link.addProducts.filter((product) => !row.products.includes(product))
  const older = link.duplicateOf === null ? null : await store.connections.find(link.duplicateOf)
  return [
    ...declined.map((product) => `The person or the bank did not agree to share ${product}.`),
    ...(older !== null && needsOwner(older)
      ? [
          `The older login of ${older.institution} (item_id ${older.itemId}) needs a new login now: some banks allow one at a time, and repairing it may end this one, so only one of them should be kept.`,
        ]
      : []),
  ]
}

/** A page that was closed without an end looks like one that somebody is in. */
function pendingText({ openedAt, mode, state }: Link, problem: CofferError | null): string {
  if (problem !== null) return `It is not known yet how it went. ${sentencesOf(problem)}`
  if (state === 'exchanging') return 'The bank has accepted the login, and the connection is being fetched.'
  if (openedAt === null) return 'Nobody has opened the page yet. Ask again when the person has finished.'
  const why =
    mode === 'new'
      ? 'The person has not finished yet'
      : 'Plaid does not confirm it yet: the person has not finished, or the bank still refuses'
  return `${why}; a page that was closed can be opened again by the same url. Ask again when they have.`
}

function expiredText({ state, keep, openedAt }: Link): string {
  if (state !== 'lost')
    return openedAt === null
      ? 'The link has expired, and nobody had opened its page. Make a new one.'
      : 'The link has expired: its page was opened, but the login was never finished. Make a new one.'
  return keep ? keptTooLateText : lostText
}

const keptTooLateText =
  'Plaid hands over a finished login for half an hour only, and that was over before this one was to be kept. Connect the bank again, and keep it at once.'

const lostText =
  'The bank accepted the login, but this program was stopped before Plaid handed over the connection, and it cannot be fetched any more. Connect the bank again; in the Plaid dashboard the unused Item may be removed.'

/** The same that this link was for. */
function restartOf(link: Link): Pick<NextStep, 'tool' | 'arguments'> {
  if (link.mode === 'new') {
    const { products, label, person, replaces } = link
    return {
      tool: 'connect_bank',
      arguments: { kind: kindOf(products), ...present({ label, person, replaces }) },
    }
  }
  return { tool: 'start_reauth', arguments: { item_id: link.itemId ?? '' } }
}
