import type { Property } from '../property.ts'
import { deliveries } from './order.ts'
import { once } from './once.ts'
import { syncWorlds } from './worlds.ts'

/** What is promised of the rows that come by a cursor, through the ledger on a disk. */
export const syncProperties: readonly Property[] = [...syncWorlds, ...deliveries, ...once]
