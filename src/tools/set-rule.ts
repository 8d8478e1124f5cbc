import { z } from 'zod'
import { CofferError } from '../errors.ts'
import { type Rule, ruleKinds } from '../model.ts'
import { randomId } from '../random-id.ts'
import { isMatch } from '../snapshot/index.ts'
import { cleanText, textLimits } from '../text.ts'
import type { ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { warning } from './shapes.ts'
import { notAtHand } from './snapshot-text.ts'
import { present } from './views.ts'

export const setRule = defineTool({
  name: 'set_rule',
  title: 'Rule for transactions',
  description:
    "The owner's word on transactions whose name or merchant contains `match`: `kind` says what they count as (transfer and ignore leave them out of the cash flow; an expense that comes in is a refund), `category` under which name they are grouped. It comes before anything that Coffer finds out by itself, and applies to past and future; the longest match wins. One rule per match: another call replaces it, `remove` ends it. Ask the person first, and check `matched`: how many transactions at hand (90 days or more) contain the text.",
  effect: 'write',
  input: z.strictObject({
    match: z
      .string('a text is needed')
      .max(200)
      .describe('2-64 characters of the name or merchant, in any case'),
    kind: z.enum(ruleKinds).optional(),
    category: z
      .string('a text is needed')
      .max(200)
      .optional()
      .describe('A category of Plaid or a word of your own, at most 40 characters'),
    remove: z.boolean().default(false),
  }),
  output: z.object({
    rules: z.array(
      z.object({
        match: z.string(),
        kind: z.enum(ruleKinds).optional(),
        category: z.string().optional(),
        created_at: z.string(),
      }),
    ),
    matched: z.number(),
    warnings: z.array(warning),
  }),
  async handle(args, context) {
    const { store, sync, signal, progress } = context
    const match = matchOf(args.match)
    if (args.remove) await removeRule(match, args, context)
    else await putRule(match, args, context)
    await sync.rejudge()
    const window = sync.window(90)
    const flow = await sync.flow({ window, since: window.from, signal, progress })
    await sync.rulesChanged()
    return {
      rules: (await store.rules.list()).map(ruleView),
      matched: [...flow.verdicts.keys()].filter((row) => isMatch(row, match)).length,
      warnings: notAtHand(flow, 'rules apply to them once it can be fetched'),
    }
  },
})

interface Args {
  readonly kind?: Rule['kind'] | undefined
  readonly category?: string | undefined
}

async function putRule(match: string, args: Args, { store, now }: ToolContext): Promise<void> {
  const kind = args.kind ?? null
  const category = args.category === undefined ? null : categoryOf(args.category)
  if (kind === null && category === null) {
    throw refused(
      'A rule needs a kind or a category.',
      `kind is one of ${ruleKinds.join(', ')}; remove: true ends the rule.`,
    )
  }
  const others = (await store.rules.list()).filter((rule) => rule.match !== match)
  if (others.length >= mostRules) throw refused(`There are ${mostRules} rules already.`, 'Remove one first.')
  const createdAt = new Date(now()).toISOString()
  await store.rules.put({ ruleId: randomId(), match, kind, category, createdAt })
}

/** They are all part of every answer. */
const mostRules = 100

async function removeRule(
  match: string,
  { kind, category }: Args,
  { store, now }: ToolContext,
): Promise<void> {
  if (kind !== undefined || category !== undefined)
    throw refused(
      'remove goes with match alone.',
      'To change a rule call it with kind or category and without remove.',
    )
  if (await store.rules.remove(match, new Date(now()).toISOString())) return
  const known = (await store.rules.list()).map((rule) => JSON.stringify(rule.match)).slice(0, 20)
  const fix = known.length === 0 ? 'There are no rules.' : `Rules there are for: ${known.join(', ')}.`
  throw refused(`There is no rule for ${JSON.stringify(match)}.`, fix)
}

/** As names and merchants are kept, so that what a person reads there can be found. */
function matchOf(text: string): string {
  const match = cleanText(text, text.length).toLowerCase()
  const { length } = Array.from(match)
  if (length >= 2 && length <= textLimits.name) return match
  throw refused(`match has ${length} characters.`, `It takes 2 to ${textLimits.name} that can be seen.`)
}

const longestCategory = 40

function categoryOf(text: string): string {
  const category = cleanText(text, text.length)
  const { length } = Array.from(category)
  if (length >= 1 && length <= longestCategory) return category
  throw refused(`category has ${length} characters.`, `It takes 1 to ${longestCategory} that can be seen.`)
}

function ruleView({ match, kind, category, createdAt }: Rule) {
  return { match, created_at: createdAt, ...present({ kind, category }) }
}

function refused(problem: string, fix: string): CofferError {
  return new CofferError('INVALID_ARGUMENTS', `set_rule: ${problem}`, { fix })
}
