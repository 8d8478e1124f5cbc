import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import type { PlaidApi } from 'plaid'
import { isCofferError } from '../../../src/errors.ts'
import type { Transaction } from '../../../src/model.ts'
import type { Call } from '../../../src/plaid/call.ts'
import { translateCode } from '../../../src/plaid/index.ts'
import type { Plaid } from '../../../src/plaid/operations.ts'
import { updateCalls } from '../../../src/plaid/transaction-updates.ts'
import { Secret } from '../../../src/secret.ts'
import { openStore } from '../../../src/store/index.ts'
import { createTransactionSource } from '../../../src/sync/transactions.ts'
import { household } from '../../snapshot/worlds.ts'
import { connection } from '../../store/rows.ts'
import type { Property } from '../property.ts'
import type { Answer, Bank } from './bank.ts'

const itemId = 'item'
/** Of thousands of worlds none has to outlive the machine: they are kept in its memory where that is a folder. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const everything = { from: '0000-01-01', to: '9999-12-31' }
/** Two days before the end of the days that the worlds play in. */
const now = Date.parse('2026-12-07T12:00:00Z')

export const accounts = household
  .filter(({ type, sameAs }) => type !== 'investment' && sameAs === null)
  .map((account) => ({ ...account, itemId }))

/** How one run goes. Calls are counted from 1. */
export interface Run {
  /** So many rows a page, at most. */
  readonly size: number
  readonly troubles: readonly { readonly call: number; readonly code: Trouble }[]
  /** What happens at the bank just before it answers. */
  readonly meanwhile: readonly { readonly call: number; happen(): void }[]
  /** The process ends between what came and what is written. */
  readonly isCutOff: boolean
}

/** In pages of a few rows, without any trouble. */
export const calm: Run = { size: 7, troubles: [], meanwhile: [], isCutOff: false }

export const troubles = [
  'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION',
  'INTERNAL_SERVER_ERROR',
  'TRANSACTIONS_SYNC_LIMIT',
  'INSTITUTION_DOWN',
  'INVALID_FIELD',
] as const
export type Trouble = (typeof troubles)[number]

/** The ledger of one connection, filled by the program's own loop and kept in a real database. */
export interface Ledger {
  /** Nothing is known of the bank any more. @param retentionDays how long a row is kept */
  empty(retentionDays: number): Promise<void>
  /** By a copy that has just been started; false when it failed or was cut off. Throws for what may not come of it. */
  run(bank: Bank, how: Run): Promise<boolean>
  rows(): Promise<readonly Transaction[]>
  /** The first day that is kept. */
  first(): string
  close(): Promise<void>
}

async function openLedger(): Promise<Ledger> {
  const parent = mkdtempSync(join(folder, 'coffer-worlds-'))
  const store = await openStore({ home: join(parent, 'home') })
  await store.connections.insert(connection({ itemId }), 'sealed')
  let retentionDays = 730
  const first = () => new Date(now - retentionDays * 86_400_000).toISOString().slice(0, 10)

  function copyThatAsks(answer: (cursor: string) => Answer) {
    const call: Call = async (about) => {
      if (about.itemId === undefined) throw new TypeError('a call about no item')
      const sdk = { transactionsSync: async ({ cursor = '' }) => ({ data: answer(cursor) }) }
      // Nothing else is asked for.
      const { data } = await about.send(sdk as unknown as PlaidApi, { signal }, token)
      return data as Answer
    }
    // No row lies before those that are kept.
    const plaid = updateCalls(call, { random: () => 0 }) as Plaid
    return createTransactionSource({
      plaid,
      store,
      ledger: { retentionDays },
      timeZone: 'UTC',
      now: () => now,
    })
  }

  return {
    async empty(days) {
      retentionDays = days
      await store.connections.forgetData(itemId)
      await store.accounts.replace(itemId, accounts)
    },
    async run(bank, { size, troubles, meanwhile, isCutOff }) {
      let calls = 0
      const source = copyThatAsks((cursor) => {
        calls += 1
        for (const { call, happen } of meanwhile) if (call === calls) happen()
        const trouble = troubles.find(({ call }) => call === calls)
        if (trouble !== undefined) throw translateCode(trouble.code)
        return bank.page(cursor, size)
      })
      const span = { from: first(), to: '9999-12-31' }
      const pulled = await source
        .pull(itemId, accounts, span, new AbortController().signal)
        .catch(nullIfKnown)
      if (pulled === null || isCutOff) return false
      const kept = await source.keep(store, itemId, pulled, span)
      // What the figures of this run are made of.
      mustBeSame(kept, await store.ledger.rows(everything))
      return true
    },
    rows: () => store.ledger.rows(everything),
    first,
    async close() {
      await store.close()
      rmSync(parent, { recursive: true, force: true })
    },
  }
}

const token = new Secret('access-sandbox-1')
const { signal } = new AbortController()

function nullIfKnown(error: unknown): null {
  if (isCofferError(error)) return null
  throw error
}

/** The same rows, in whatever order. */
export function mustBeSame(found: readonly Transaction[], wanted: readonly Transaction[]): void {
  const [one, other] = [told(found), told(wanted)]
  const extra = one.filter((text, at) => one[at - 1] === text || !other.includes(text))
  const lost = other.filter((text) => !one.includes(text))
  if (extra.length + lost.length > 0)
    throw new Error(`too much: ${extra.join(' ') || 'nothing'}; lost: ${lost.join(' ') || 'nothing'}`)
}

function told(rows: readonly Transaction[]): string[] {
  // Whatever the order of its fields.
  return rows.map((row) => JSON.stringify(row, fields)).toSorted()
}

const fields = 'transactionId accountId date amount currency name merchant pending pendingTransactionId'
  .concat(' category primary detailed confidence')
  .split(' ')

/** A promise about what the ledger holds, in so many worlds on one database. */
export function ledgerProperty<T>(
  about: string,
  says: string,
  worlds: number,
  world: fc.Arbitrary<T>,
  holds: (ledger: Ledger, world: T) => Promise<void>,
): Property {
  return {
    about,
    says,
    worlds,
    async broken(worlds, seed) {
      const ledger = await openLedger()
      try {
        const property = fc.asyncProperty(world, (one) => holds(ledger, one))
        const details = await fc.check(property, { numRuns: worlds, seed, includeErrorInReport: true })
        return (await fc.asyncDefaultReportMessage(details)) ?? null
      } finally {
        await ledger.close()
      }
    },
  }
}
