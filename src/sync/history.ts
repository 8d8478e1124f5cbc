import { ignoreKnown } from '../errors.ts'
import type { Log } from '../log.ts'
import type { TotalsDay } from '../model.ts'
import { addDays, type CurrencyFigures, windowOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Figures } from './figures.ts'

/** The flow that is kept is that of as many days, so that one day can be held against another. */
const keptDays = 30
/** Before that, one time a day is enough. */
const wholeDays = 90

export interface HistoryDeps {
  readonly store: Pick<Store, 'history'>
  readonly timeZone: string
  readonly now: () => number
  readonly log: Log
  readonly figures: Figures['snapshot']
  /** Whether every bank counts with a login that works and with data of the last 24 hours. */
  readonly complete: () => Promise<boolean>
}

/** Keeps the household's totals, once a day and whenever they change. It asks nobody but the store. */
export interface HistoryKeeper {
  /** Makes the figures, and keeps those of the window that is kept. Such as are counted by given rows are not. */
  readonly snapshot: Figures['snapshot']
  /** In the background: as they are then. */
  soon(): void
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

export function createHistory({ store, timeZone, now, log, ...of }: HistoryDeps): HistoryKeeper {
  let last: Promise<void> = Promise.resolve()
  let waiting = false

  async function keep(figures: readonly CurrencyFigures[], complete: boolean): Promise<void> {
    const { to: date } = windowOf(now(), keptDays, timeZone)
    const taken = { takenAt: new Date(now()).toISOString(), date, complete }
    await store.history.add(
      figures.map((row) => totalsDay(row, taken)),
      addDays(date, -wholeDays),
    )
  }

  async function make(): Promise<void> {
    const window = windowOf(now(), keptDays, timeZone)
    await keep((await of.figures(window)).figures, await of.complete())
  }

  /** What cannot be kept, as on a full disk, can still be shown. */
  function told(error: unknown): void {
    ignoreKnown(error)
    log.info('history.failed')
  }

  return {
    async snapshot(window, verdicts) {
      const made = await of.figures(window, verdicts)
      if (verdicts !== undefined) return made
      const kept = windowOf(now(), keptDays, timeZone)
      const isKept = window.days === kept.days && window.to === kept.to
      await (isKept ? keep(made.figures, await of.complete()) : make()).catch(told)
      return made
    },
    soon() {
      // One that waits for its turn will see what this one would.
      if (waiting) return
      waiting = true
      last = last
        .then(async () => {
          waiting = false
          await make().catch(told)
        })
        .catch(() => log.error('history.broke'))
    },
    settled: () => last,
  }
}

function totalsDay(
  { balances, flow }: CurrencyFigures,
  taken: Pick<TotalsDay, 'takenAt' | 'date' | 'complete'>,
): TotalsDay {
  return {
    ...taken,
    ...balances,
    netCashFlow: flow?.netCashFlow ?? null,
    monthlyBurn: flow?.monthlyBurn ?? null,
  }
}
