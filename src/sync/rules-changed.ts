import type { Connection } from '../model.ts'
import type { IncomeDay, Seen, Store } from '../store/store.ts'
import type { Deriver } from './derive.ts'
import { createIncome, dayAfter, type Income, type IncomeDeps, keyOf } from './income.ts'

interface RulesChangedDeps extends IncomeDeps {
  readonly store: Pick<Store, 'flow' | 'accounts' | 'connections' | 'seen'>
  readonly deriver: Pick<Deriver, 'rejudge' | 'canRejudge'>
  readonly mine: () => Promise<readonly Connection[]>
}

/** What is done with all that is kept once the owner's rules are others. */
export function createRulesChanged(deps: RulesChangedDeps) {
  const { store, deriver, mine, timeZone, now } = deps
  const income = createIncome(deps)

  async function rejudge(): Promise<void> {
    const before = await income(await mine())
    await deriver.rejudge()
    const after = await income(await mine())
    const seen = await store.seen.read()
    if (seen !== null) await store.seen.write(seenUnder(seen, before, after, dayAfter(seen.at, timeZone)))
  }

  /** What cannot be judged once more here is to be fetched again. */
  async function haveOthersFetched(): Promise<void> {
    const dirtySince = new Date(now()).toISOString()
    const day = dirtySince.slice(0, 10)
    const { fetched, oldRules } = await store.flow.read({ from: day, to: day })
    for (const [itemId, span] of fetched) {
      if (oldRules.has(itemId) && !(await deriver.canRejudge(itemId, span)))
        await store.connections.change(itemId, (row) => ({ ...row, dirtySince }))
    }
  }

  return {
    rejudge,
    async rulesChanged(): Promise<void> {
      await rejudge()
      await haveOthersFetched()
    },
  }
}

/** What was seen, as it is counted now: what a rule made of it is no news. */
function seenUnder(seen: Seen, before: Income, after: Income, unseen: string): Seen {
  const sums = new Map(seen.income.map((row) => [keyOf(row), row]))
  for (const row of before.days) sums.set(keyOf(row), plus(sums, row, -row.sum))
  for (const row of after.days) sums.set(keyOf(row), plus(sums, row, row.sum))
  return {
    ...seen,
    connections: seen.connections.map((row) => {
      const { itemId, knownFrom } = row
      return knownFrom === null || !after.old.has(itemId) ? row : { ...row, knownFrom: unseen }
    }),
    income: [...sums.values()].filter(({ sum }) => sum > 0),
  }
}

function plus(sums: ReadonlyMap<string, IncomeDay>, row: IncomeDay, sum: number): IncomeDay {
  return { ...row, sum: (sums.get(keyOf(row))?.sum ?? 0) + sum }
}
