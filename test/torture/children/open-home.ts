/**
 * A copy that opens the store of each home that it is told of: says that it begins, then how that ended, and closes it.
 * `argv[2]`: as an older version that knows only so many migrations.
 */
import { registerHooks } from 'node:module'
import { isCofferError } from '../../../src/errors.ts'
import type { DriverName } from '../../../src/store/drivers/driver.ts'

export interface Order {
  readonly home: string
  readonly driver: DriverName
}

export type Answer = { readonly databaseId: string } | { readonly code: string }

const [, , known] = process.argv
if (known !== undefined) forgetMigrations(Number(known))
const { openStore } = await import('../../../src/store/index.ts')

process.on('message', (order: Order) => {
  process.send?.('begun')
  void open(order).then((answer) => process.send?.(answer))
})
process.send?.('ready')

async function open(order: Order): Promise<Answer> {
  try {
    const store = await openStore(order)
    await store.close()
    return { databaseId: store.databaseId }
  } catch (error) {
    return { code: isCofferError(error) ? error.code : String(error) }
  }
}

/** The list of migrations as it was when there were so many. */
function forgetMigrations(count: number): void {
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.endsWith('/migrations/index.ts')) return nextLoad(url, context)
      const source = `import { migrations as all } from './index.ts?all'
        export const migrations = Object.fromEntries(Object.entries(all).slice(0, ${count}))
        export const newestSchema = ${count}`
      return { format: 'module', source, shortCircuit: true }
    },
  })
}
