import { z } from 'zod'
import { completeItemId } from '../tools/item-ids.ts'
import { connection as shape, itemId, warning } from '../tools/shapes.ts'
import { connectionView } from '../tools/views.ts'
import { connectionWarnings } from '../tools/warnings.ts'
import { defineResource } from './define.ts'

export const connection = defineResource({
  uri: 'coffer://connections/{item_id}',
  name: 'connection',
  title: 'One bank connection',
  description:
    'One connection with its accounts and stored balances, whether its login works, and the next step where something is wrong. item_id is that of coffer://connections.',
  priority: 0.5,
  input: z.strictObject({ item_id: itemId }),
  output: z.object({ connection: shape, as_of: z.string(), warnings: z.array(warning) }),
  completions: { item_id: completeItemId(() => true) },
  async handle(args, { store, connections, environment, readOnly, now }) {
    const row = await connections.find(args.item_id)
    return {
      connection: connectionView(row, await store.accounts.list(row.itemId), readOnly),
      as_of: new Date(now()).toISOString(),
      warnings: connectionWarnings([row], { environment, readOnly }),
    }
  },
})
