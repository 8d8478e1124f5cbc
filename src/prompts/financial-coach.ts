import { z } from 'zod'
import { cleanText } from '../text.ts'
import { definePrompt } from './define.ts'
import { bankState, banksOf } from './state.ts'
import { firstSteps, numbered, rules, toolLines } from './way.ts'

const longestFocus = 200

export const financialCoach = definePrompt({
  name: 'financial_coach',
  title: 'My financial coach',
  description:
    'Looks at the whole household and gives advice: first which banks are broken, old or missing and how to repair them, then balances, cash flow and runway, and what to do next.',
  input: z.strictObject({
    focus: z.string().max(longestFocus).optional().describe('What it is about, such as: save for a house'),
  }),
  completions: {},
  async handle({ focus }, context) {
    const state = bankState(await banksOf(context), context)
    return { text: coachText(state, focus, context.readOnly) }
  },
  withoutState: (why, readOnly) =>
    coachText(
      `What is stored of my banks cannot be read now: ${why}\nHelp me to set that right first.`,
      undefined,
      readOnly,
    ),
})

function coachText(state: string, focus: string | undefined, readOnly: boolean): string {
  const about = focus === undefined ? '' : cleanText(focus, longestFocus)
  const wish = about === '' ? '' : `\nWhat I want to talk about: ${about}\n`
  const steps = [
    ...firstSteps(readOnly),
    ['Look deeper where it helps:', ...toolLines(uses, readOnly)].join('\n   - '),
    'Then tell me in few words how I stand, the two or three things that matter most with their figures, and one next step for each. Ask me what you need to know.',
  ]
  return `Be my financial coach.\n${wish}\n${state}\n\n${numbered(steps)}\n\n${rules}`
}

const uses = {
  get_cash_flow: ' for where money comes from and goes to, by category, merchant or recurring bill',
  search_transactions: ' for single payments',
  get_upcoming: ' for what is due next and how low the balance will go',
  get_history: ' for how net worth, balances and runway went over time',
  get_positions: ' for what is invested',
}
