import { z } from 'zod'
import { storedSnapshot, syncSnapshot } from '../tools/sync-snapshot.ts'
import { defineResource } from './define.ts'

export const snapshot = defineResource({
  uri: 'coffer://snapshot/latest',
  name: 'snapshot',
  title: 'Financial snapshot',
  description:
    'The household as it is stored, over the last 30 days: what sync_snapshot gives with max_age_minutes -1. Asks no bank, and what it tells in `changes` is told again. Subscribe to learn of a figure that changed or a bank that broke; sync_snapshot fetches what is old.',
  priority: 1,
  input: z.strictObject({}),
  output: syncSnapshot.output,
  completions: {},
  handle: (_args, context) => storedSnapshot(context),
})
