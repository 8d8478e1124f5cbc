import { amounts } from './amounts.ts'
import { calendar } from './calendar.ts'
import { currencies } from './currencies.ts'
import { equals } from './equals.ts'
import { groups } from './groups.ts'
import { orders } from './order.ts'
import { pairs } from './pairs.ts'
import { parts } from './parts.ts'
import { pending } from './pending.ts'
import type { Property } from './property.ts'
import { wealth } from './wealth.ts'

export const properties: readonly Property[] = [
  ...amounts,
  ...wealth,
  ...pairs,
  ...orders,
  ...parts,
  ...groups,
  ...pending,
  ...equals,
  ...calendar,
  ...currencies,
]
