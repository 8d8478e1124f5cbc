import { ageOf } from '../age.ts'
import { type CofferError, ignoreKnown, isCofferError } from '../errors.ts'
import type { Connection, Environment } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { RemovalCause } from '../tombstone.ts'
import { createErase, type EraseDeps, type Erased, type Receipt, type Removals } from './erase.ts'
import { markAnew } from './same-accounts.ts'

export interface RemovalDeps extends EraseDeps {
  readonly environment: Environment
}

export interface Remover {
  /**
   * At Plaid first, then here. What Plaid does not confirm stays `removing`, its token sealed, and is tried again by
   * the leader once a day. Only for connections of this environment, and only after a person's yes.
   */
  remove(groups: Iterable<readonly [RemovalCause, readonly Connection[]]>): Promise<Removals>
  /** What an earlier try, or a process that has ended, left undone. */
  retry(): Promise<void>
}

const atOnce = 6
const day = 24 * 60 * 60_000
/** One that is under way in another copy has ended by then. */
const firstTryMs = 2 * 60_000

export function createRemover(deps: RemovalDeps): Remover {
  const { store, environment, now } = deps
  const finish = createFinish(deps)

  async function begin(rows: readonly Connection[], cause: RemovalCause): Promise<readonly Connection[]> {
    const at = new Date(now()).toISOString()
    const begun = []
    for (const { itemId } of rows) begun.push(await store.connections.beginRemoval(itemId, cause, at))
    return begun.filter((row) => row !== null)
  }

  function isDue(row: Connection): boolean {
    if (row.environment !== environment || row.status !== 'removing') return false
    const { removalTriedAt: triedAt, removingSince } = row
    return triedAt === null ? ageOf(removingSince, now()) >= firstTryMs : ageOf(triedAt, now()) >= day
  }

  return {
    async remove(groups) {
      const begun: Connection[] = []
      for (const [cause, rows] of groups) begun.push(...(await begin(rows, cause)))
      return await finish(begun)
    },
    async retry() {
      const due = (await store.connections.list()).filter(isDue)
      if (due.length > 0) await finish(due)
      // A copy may have ended between erasing and this.
      if (await store.scrubbing.isOwed()) await store.scrubbing.scrub().catch(ignoreKnown)
    },
  }
}

/** Erases all that Plaid confirms, and then brings them out of the files, once for all. */
function createFinish(deps: RemovalDeps) {
  const { store, now, log } = deps
  const erase = createErase(deps)

  async function failed(itemId: string, { code }: CofferError): Promise<void> {
    log.warn('removal.failed', { code })
    await store.connections.change(itemId, (row) => ({
      ...row,
      removalTriedAt: new Date(now()).toISOString(),
    }))
  }

  return async (removing: readonly Connection[]): Promise<Removals> => {
    const waiting = removing.values()
    const erased: Erased[] = []
    const failures = new Map<string, CofferError>()
    const eraseInTurn = async () => {
      for (const row of waiting) {
        try {
          erased.push(await erase(row))
        } catch (error) {
          if (!isCofferError(error)) throw error
          failures.set(row.itemId, error)
          await failed(row.itemId, error)
        }
      }
    }
    await Promise.all(Array.from({ length: atOnce }, eraseInTurn))
    if (erased.length === 0) return { receipts: [], failures }
    // An account that was seen through this login too may count through another one now.
    await markAnew(store)
    await store.scrubbing.scrub()
    const receipts = await receiptsOf(store, erased)
    if (receipts.some(({ traces }) => traces.length > 0)) log.error('removal.traces_found')
    return { receipts, failures }
  }
}

/** All are looked for at once: hardly ever is anything found. */
async function receiptsOf(store: Store, erased: readonly Erased[]): Promise<readonly Receipt[]> {
  const lookedFor = await Promise.all(erased.map((one) => namesOf(store, one)))
  const found = await store.scrubbing.filesWith(lookedFor.flat())
  const tracesOf = (names: readonly string[] = []) =>
    found.length === 0 ? [] : store.scrubbing.filesWith(names)
  return await Promise.all(
    erased.map(async ({ names: _, ...receipt }, index) => ({
      ...receipt,
      traces: await tracesOf(lookedFor[index]),
    })),
  )
}

async function namesOf(store: Store, { names, institution }: Erased): Promise<readonly string[]> {
  return (await store.scrubbing.isKept(institution)) ? names : [...names, institution]
}
