import { z } from 'zod'
import { listConnections } from '../tools/list-connections.ts'
import { defineResource } from './define.ts'

/** As many as one answer of the tool holds; `next_cursor` leads to the rest. */
const most = 100

export const connections = defineResource({
  uri: 'coffer://connections',
  name: 'connections',
  title: 'Bank connections',
  description:
    'Every bank and brokerage connection with its accounts, whether its login works, and the next step where something is wrong: what list_connections gives. A next_cursor says that there are more; list_connections takes it. Subscribe to learn of a login that breaks.',
  priority: 0.8,
  input: z.strictObject({}),
  output: listConnections.output,
  completions: {},
  handle: (_args, context) => listConnections.handle({ refresh: false, limit: most }, context),
})
