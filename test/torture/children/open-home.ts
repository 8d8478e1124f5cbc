/**
 * A copy that opens the store of each home that it is told of: says how that ended, and closes it.
 * `argv[2]`: as an older version that knows only so many migrations.
 */
import { registerHooks } from 'node:module'
import type { SqliteStatement } from 'kysely'
import { isCofferError } from '../../../src/errors.ts'
import type { Driver, DriverName, Handle } from '../../../src/store/drivers/driver.ts'
import { drivers } from '../../../src/store/drivers/load.ts'

export interface Order {
  readonly home: string
  readonly driver: DriverName
  /** The number of the statement before which the process kills itself. */
  readonly dieBefore?: number
}

/** `statements`: so many were run. Before the answer it may say that the next statement is `commit`. */
export type Answer = { readonly databaseId: string; readonly statements: number } | { readonly code: string }

const [, , known] = process.argv
if (known !== undefined) forgetMigrations(Number(known))
const { openStore } = await import('../../../src/store/index.ts')

process.on('message', (order: Order) => void open(order).then((answer) => process.send?.(answer)))
process.send?.('ready')

async function open({ home, driver, dieBefore = Infinity }: Order): Promise<Answer> {
  let statements = 0
  const watched = async () =>
    watch(await drivers[driver](), (text) => {
      statements += 1
      if (statements >= dieBefore) process.kill(process.pid, 'SIGKILL')
      if (text === 'commit') process.send?.('commit')
    })
  try {
    const store = await openStore({ home, driver, drivers: { ...drivers, [driver]: watched } })
    await store.close()
    return { databaseId: store.databaseId, statements }
  } catch (error) {
    return { code: isCofferError(error) ? error.code : String(error) }
  }
}

/** Tells of every statement before it is run. */
function watch(driver: Driver, tell: (text: string) => void): Driver {
  const statementOf = (text: string, statement: SqliteStatement): SqliteStatement => ({
    reader: statement.reader,
    all(parameters) {
      tell(text)
      return statement.all(parameters)
    },
    run(parameters) {
      tell(text)
      return statement.run(parameters)
    },
    iterate: (parameters) => statement.iterate(parameters),
  })
  const handleOf = (handle: Handle): Handle => ({
    get inTransaction() {
      return handle.inTransaction
    },
    prepare: (text) => statementOf(text, handle.prepare(text)),
    exec(text) {
      tell(text)
      handle.exec(text)
    },
    close: () => handle.close(),
  })
  return { ...driver, open: (path, busyMs) => handleOf(driver.open(path, busyMs)) }
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
