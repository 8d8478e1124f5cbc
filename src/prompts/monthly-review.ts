import { z } from 'zod'
import { CofferError } from '../errors.ts'
import { addDays, today } from '../snapshot/index.ts'
import type { Core } from '../tools/context.ts'
import { definePrompt } from './define.ts'
import { bankState, banksOf } from './state.ts'
import { firstSteps, numbered, rules, toolLines } from './way.ts'

/** How many months a client is offered. */
const offered = 12

export const monthlyReview = definePrompt({
  name: 'monthly_review',
  title: 'Review of a month',
  description:
    'Goes through one month: what came in, what was spent on what, how that differs from the month before, which bills grew, and how net worth moved; first which banks are broken, old or missing in it.',
  input: z.strictObject({
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-10' })
      .optional()
      .describe('YYYY-MM; default: the last full month'),
  }),
  completions: {
    month: async (typed, core) => lastMonths(core).filter((month) => month.startsWith(typed)),
  },
  async handle({ month }, context) {
    const now = today(context.now(), context.timeZone)
    const asked = month ?? monthBefore(now.slice(0, 7))
    if (asked > now.slice(0, 7)) throw notYet(asked)
    return { text: reviewText(bankState(await banksOf(context), context), asked, now, context.readOnly) }
  },
  withoutState: (why, readOnly) =>
    `Go through my last full month with me, once this is set right: what is stored cannot be read now: ${why}\nHelp me with that first. Then:\n${numbered(firstSteps(readOnly))}\n\n${rules}`,
})

function reviewText(state: string, month: string, now: string, readOnly: boolean): string {
  const { from, to } = spanOf(month, now)
  const before = spanOf(monthBefore(month), now)
  const soFar = to === now ? ', which is not over yet' : ''
  const span = `from=${from} and to=${to}`
  const steps = [
    ...firstSteps(readOnly),
    ['Then look at the month itself:', ...toolLines(usesFor(span, before), readOnly)].join('\n   - '),
    'Tell me: what came in, what was spent and on what, what was left over; what differs most from the month before and why; which bills grew; how net worth moved; and one thing to change next month. What was only moved between my own accounts is neither income nor spending.',
  ]
  return `Go through ${month} with me (${from} to ${to}${soFar}).\n\n${state}\n\n${numbered(steps)}\n\n${rules}`
}

function usesFor(span: string, before: { readonly from: string; readonly to: string }) {
  return {
    get_cash_flow: ` with ${span}, by category and by recurring; once more with from=${before.from} and to=${before.to} to compare`,
    search_transactions: ` with ${span} for the largest payments and for what looks odd`,
    get_history: ` with metric=net_worth, ${span}`,
    get_upcoming: ' for what is due next',
  }
}

function spanOf(month: string, now: string): { from: string; to: string } {
  const last = addDays(`${monthAfter(month)}-01`, -1)
  return { from: `${month}-01`, to: last < now ? last : now }
}

function monthBefore(month: string): string {
  return addDays(`${month}-01`, -1).slice(0, 7)
}

function monthAfter(month: string): string {
  return addDays(`${month}-01`, 31).slice(0, 7)
}

function lastMonths({ now, timeZone }: Core): string[] {
  const months: string[] = []
  let month = today(now(), timeZone).slice(0, 7)
  while (months.length < offered) {
    month = monthBefore(month)
    months.push(month)
  }
  return months
}

function notYet(month: string): CofferError {
  return new CofferError('INVALID_ARGUMENTS', `month: ${month} has not begun.`, {
    fix: 'Leave it out for the last full month.',
  })
}
