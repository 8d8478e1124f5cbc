import type { WebhookDelivery } from '../model.ts'
import type { Access } from './access.ts'
import { findConnection } from './connections.ts'
import type { Db } from './schema.ts'
import type { Store } from './store.ts'

export function createDeliveries({ query, write }: Access): Store['deliveries'] {
  return {
    list: () => query((db) => db.selectFrom('webhookDeliveries').selectAll().orderBy('itemId').execute()),
    change: (itemId, change) => write((db) => changeDelivery(db, itemId, change)),
  }
}

async function changeDelivery(
  db: Db,
  itemId: string,
  change: (now: WebhookDelivery) => WebhookDelivery,
): Promise<WebhookDelivery | null> {
  if ((await findConnection(db, itemId)) === null) return null
  const found = await db
    .selectFrom('webhookDeliveries')
    .selectAll()
    .where('itemId', '=', itemId)
    .executeTakeFirst()
  const now = found ?? { ...blank, itemId }
  const next = change(now)
  if (next !== now) await db.replaceInto('webhookDeliveries').values(next).execute()
  return next
}

const blank = {
  url: null,
  updateError: null,
  lastSentCode: null,
  lastSentAt: null,
  lastReceivedAt: null,
} as const satisfies Partial<WebhookDelivery>
