import { z } from 'zod'
import type { Connection } from '../model.ts'
import type { ToolContext } from '../tools/context.ts'
import { completeItemId } from '../tools/item-ids.ts'
import { needsAttention } from '../tools/next-step.ts'
import { itemId } from '../tools/shapes.ts'
import { noConnections } from '../tools/warnings.ts'
import { byUrgency, isTrouble, troubleText } from './trouble.ts'
import { definePrompt } from './define.ts'

/** A prompt is 4 kB at most; what is left is for the way. */
const listBytes = 2_600

export const fixConnections = definePrompt({
  name: 'fix_connections',
  title: 'Repair my bank connections',
  description:
    'Walks through every bank connection that is broken, expires, is over or has new accounts: what is wrong, since when, and how it is repaired, one bank after the other.',
  input: z.strictObject({
    item_id: itemId.optional().describe('Only this connection; without it all that need something'),
  }),
  completions: { item_id: completeItemId(needsAttention) },
  async handle(args, context) {
    const rows = await asked(args.item_id, context)
    const troubled = rows.filter(isTrouble).toSorted(byUrgency)
    return { text: troubled.length > 0 ? repairText(troubled, context) : calmText(rows, context) }
  },
  withoutState: (why, readOnly) =>
    `My bank connections may need a repair, but their state cannot be read now: ${why}\nHelp me to set that right first. Then call list_connections with refresh=true, and for each connection that has a next_step:\n${wayOf(readOnly)}`,
})

async function asked(one: string | undefined, context: ToolContext): Promise<readonly Connection[]> {
  if (one !== undefined) return [await context.connections.find(one)]
  const all = await context.store.connections.list()
  return all.filter(({ environment }) => environment === context.environment)
}

function repairText(troubled: readonly Connection[], { readOnly, now }: ToolContext): string {
  const lines: string[] = []
  for (const row of troubled) {
    const line = `${lines.length + 1}. ${troubleText(row, readOnly)}`
    if (Buffer.byteLength([...lines, line].join('\n')) > listBytes) break
    lines.push(line)
  }
  const more = troubled.length - lines.length
  if (more > 0) lines.push(`And ${more} more: list_connections has them.`)
  const at = new Date(now()).toISOString()
  return `Help me to get my bank connections working again. This is what is stored of them at ${at}:\n\n${lines.join('\n')}\n\n${wayOf(readOnly)}`
}

/** Nothing is asked of the person: what is only waited for is no trouble either. */
function calmText(rows: readonly Connection[], { readOnly, now }: ToolContext): string {
  if (rows.length === 0) return `Are my bank connections all right? ${noConnections(readOnly).text}`
  const [only] = rows
  const what = rows.length === 1 && only !== undefined ? only.institution : `all ${rows.length} connections`
  return `Are my bank connections all right? What is stored at ${new Date(now()).toISOString()} says that nothing is broken (${what}), so nothing has to be repaired. Call list_connections with refresh=true to have Plaid confirm it, and tell me if one needs something after all.`
}

function wayOf(readOnly: boolean): string {
  return readOnly ? commandWay : chatWay
}

const chatWay = `Go through them one bank after the other, in this order:
- Say what is wrong and what I have to do; where the bank wants something first, wait until I have done it.
- Where start_reauth is named, call it with these arguments and give me the url exactly as it is, with the name of the bank. Where the bank or Plaid is down, wait instead.
- Then call check_connection with its link_id and wait_seconds=15, again until it says \`repaired\`. On \`exited\` or \`link_expired\` ask me, and follow its next_step.
- Use connect_bank only where it is named here: for a broken login it costs money and loses history.
When all are done, call sync_snapshot and tell me what works again and what does not.`

const commandWay = `Changes are switched off in this chat, so I run the commands myself, in a shell, one bank after the other:
- Say what is wrong and give me the command as it stands there; where the bank wants something first, I do that before it.
- When I say that it is done, call check_connection with the item_id and wait_seconds=15. Go on when it says \`repaired\` or \`active\`.
When all are done, call sync_snapshot and tell me what works again and what does not.`
