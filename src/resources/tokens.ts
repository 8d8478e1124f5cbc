import { tokenAnalytics } from '../tools/token-analytics.ts'
import { defineResource } from './define.ts'

export const tokens = defineResource({
  uri: 'coffer://analytics/tokens',
  name: 'tokens',
  title: 'Token analytics',
  description:
    'How many access tokens are kept here, by state, bank, age and the key that seals them: what token_analytics gives. Never shows a token.',
  priority: 0.2,
  input: tokenAnalytics.input,
  output: tokenAnalytics.output,
  completions: {},
  handle: (args, context) => tokenAnalytics.handle(args, context),
})
