import { z } from 'zod'
import { cleanText } from '../text.ts'
import { defineTool } from './define.ts'
import { offerLink } from './offer-link.ts'
import { nextStep } from './shapes.ts'

/** Tools and commands show it again, so it is held to what any foreign text is. */
const shortText = z
  .string()
  .min(1)
  .max(60)
  .transform((text) => cleanText(text, 60))
  .pipe(z.string().min(1))

export const connectBank = defineTool({
  name: 'connect_bank',
  title: 'Connect a bank',
  description:
    'Makes a Plaid Link page on which the person logs in at a bank or brokerage, and opens it in their browser where possible. Give the person the url as it is. The connection completes in the background; check_connection tells how it went. For a login that broke use start_reauth instead: a second connection to the same bank costs money and loses history.',
  effect: 'write',
  input: z.strictObject({
    kind: z
      .enum(['bank', 'brokerage'])
      .default('bank')
      .describe('brokerage: positions first, transactions on demand'),
    days: z.number().int().min(30).max(730).default(730).describe('Days of history; cannot be changed later'),
    label: shortText.optional().describe('A name of your own for it'),
    person: shortText.optional().describe('Whose login it is'),
    replaces: z
      .string()
      .max(64)
      .optional()
      .describe('item_id of an expired or revoked connection that this one follows'),
  }),
  output: z.object({
    link_id: z.string(),
    url: z.string(),
    expires_at: z.string(),
    opened: z.boolean(),
    next_step: nextStep,
  }),
  async handle(args, context) {
    const { connections, signal } = context
    const { kind, days, label = null, person = null, replaces = null } = args
    const made = await connections.links.forNewBank({ kind, days, label, person, replaces }, signal)
    const { link, url } = made
    connections.watcher.watch(link.linkId)
    return {
      link_id: link.linkId,
      url: url.open(),
      expires_at: link.expiresAt,
      opened: await offerLink(made, `Log in at your ${kind} to connect it.`, context),
      next_step: {
        text: 'Give the person the url to log in at their bank, then call check_connection with this link_id.',
        tool: 'check_connection',
        arguments: { link_id: link.linkId, wait_seconds: 15 },
      },
    }
  },
})
