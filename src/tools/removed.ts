import type { Receipt, Removals } from '../connections/index.ts'
import type { CofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { RemovalCause } from '../tombstone.ts'
import { waitAtMost } from '../sync/wait.ts'
import { namesOf } from './confirm.ts'
import type { Core } from './context.ts'
import type { NextStep } from './shapes.ts'

/** A tool answers within 20 s; what takes longer goes on behind. */
const patienceMs = 16_000

export interface Removed {
  /** Gone at Plaid and here. */
  readonly gone: readonly Connection[]
  /** Plaid has yet to confirm these. */
  readonly removing: readonly Connection[]
  readonly next_step?: NextStep
}

/** Removes what a person has agreed to, each for its own cause. */
export async function removeInTime(
  groups: ReadonlyMap<RemovalCause, readonly Connection[]>,
  { connections: { removal }, store }: Pick<Core, 'connections' | 'store'>,
): Promise<Removed> {
  let done: Removals = { receipts: [], failures: new Map() }
  const work = async () => void (done = await removal.remove(groups))
  await waitAtMost(work(), patienceMs)
  const left = new Set((await store.connections.list()).map(({ itemId }) => itemId))
  const all = [...groups.values()].flat()
  const removing = all.filter(({ itemId }) => left.has(itemId))
  const gone = all.filter(({ itemId }) => !left.has(itemId))
  const { receipts, failures } = done
  const texts = [
    ...receiptTexts(receipts),
    ...(receipts.length < gone.length ? ['The files are still being wiped of what was removed.'] : []),
    ...removingTexts(removing, [...failures.values()]),
  ]
  return {
    gone,
    removing,
    ...(texts.length === 0 ? {} : { next_step: { text: texts.join(' ') } }),
  }
}

function receiptTexts(receipts: readonly Receipt[]): string[] {
  const traced = receipts.filter(({ traces }) => traces.length > 0)
  const clean = receipts.filter(({ traces }) => traces.length === 0)
  const gone = receipts.filter(({ atPlaid }) => atPlaid === 'gone')
  return [
    ...said(clean, (names) => `${names}: removed, and no file of Coffer holds its ids or its name.`),
    ...said(
      gone,
      (names) =>
        `Plaid knew ${names} no more; if your Plaid keys have changed since it was connected, end it in the dashboard of those before.`,
    ),
    ...traced.map(
      ({ institution, traces }) =>
        `${institution}: removed, but there are traces of it in ${traces.join(', ')}. Coffer wipes its database again by itself; another file is the owner's to delete.`,
    ),
  ]
}

function removingTexts(removing: readonly Connection[], [why]: readonly CofferError[]): string[] {
  const because = why === undefined ? '' : ` (${why.code})`
  return said(
    removing,
    (names) =>
      `Plaid has not confirmed the removal of ${names} yet${because}: nothing is fetched any more, and it is tried again once a day.`,
  )
}

function said(rows: readonly { readonly institution: string }[], text: (names: string) => string): string[] {
  return rows.length === 0 ? [] : [text(namesOf(rows))]
}
