import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CofferError } from '../../src/errors.ts'
import { type Log, silentLog } from '../../src/log.ts'
import { createStoreWatch, type StoreWatch } from '../../src/resources/store-watch.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import type { Core } from '../../src/tools/context.ts'

export const everyMs = 20

/** A real store, watched often, that can be made to fail; and another connection to it, as another process has one. */
export interface Watched extends AsyncDisposable {
  readonly watch: StoreWatch
  readonly store: Store
  readonly other: Store
  /** How often the version was asked for. */
  readonly asked: () => number
  /** How often the connections were read. */
  readonly read: () => number
  readonly lines: string[]
  /** From now on the store cannot be opened, is damaged when read, or is well again. */
  fail(how: 'closed' | 'damaged' | null): void
  clientGoes(): void
}

export async function watched(): Promise<Watched> {
  const home = mkdtempSync(join(tmpdir(), 'coffer-watch-'))
  const [store, other] = [await openStore({ home }), await openStore({ home })]
  let [asked, read, wanted] = [0, 0, true]
  let failing: 'closed' | 'damaged' | null = null
  const lines: string[] = []
  const log: Log = {
    ...silentLog,
    info: (event, fields) => void lines.push(`${event} ${JSON.stringify(fields)}`),
  }
  const counting: Store = {
    ...store,
    async version() {
      asked += 1
      return await store.version()
    },
    connections: {
      ...store.connections,
      async list() {
        read += 1
        if (failing === 'damaged') throw new CofferError('DATABASE_DAMAGED', 'A page is torn.')
        return await store.connections.list()
      },
    },
  }
  const core = async () => {
    if (failing === 'closed') throw new CofferError('NOT_CONFIGURED', 'No keys.')
    // Nothing but the store is looked at.
    return { store: counting } as Core
  }
  return {
    watch: createStoreWatch({ core, isWanted: () => wanted, log, everyMs }),
    store,
    other,
    asked: () => asked,
    read: () => read,
    lines,
    fail: (how) => void (failing = how),
    clientGoes: () => void (wanted = false),
    async [Symbol.asyncDispose]() {
      wanted = false
      await new Promise((resolve) => setTimeout(resolve, 5 * everyMs))
      await Promise.all([store.close(), other.close()])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Long enough for several rounds. */
export async function rounds(count = 5): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, count * everyMs))
}
