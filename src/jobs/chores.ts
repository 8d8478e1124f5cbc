import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { JobRun } from '../model.ts'
import type { Store } from '../store/store.ts'
import { cronTimes, nextRun, type Times } from './times.ts'

/** Something to be done in the background now and then, such as forgetting what has been kept for long enough. */
export interface Chore {
  readonly name: string
  /** Five fields, on this machine's clock. */
  readonly cron: string
  readonly work: () => Promise<void>
}

export interface ChoreDeps {
  readonly store: Pick<Store, 'jobs'>
  readonly chores: readonly Chore[]
  readonly timeZone: string
  readonly now: () => number
  readonly log: Log
}

/** `nextRun` in ms since 1970, null: never. */
export interface ChoreState extends JobRun {
  readonly cron: string
  readonly nextRun: number | null
}

export interface Chores {
  /** Does what is due, one after the other. */
  round(): Promise<void>
  list(): Promise<readonly ChoreState[]>
}

/** What failed, or was cut off, is tried again. */
const retryMs = 60 * 60_000

export function createChores({ store, chores, timeZone, now, log }: ChoreDeps): Chores {
  const times = new Map<string, Promise<Times>>()

  function timesOf(cron: string): Promise<Times> {
    const known = times.get(cron) ?? cronTimes(cron, timeZone)
    times.set(cron, known)
    return known
  }

  async function look({ name, cron }: Chore, rows: readonly JobRun[]): Promise<ChoreState> {
    const row = rows.find((one) => one.name === name) ?? { name, lastRunAt: null, lastCode: null }
    return { ...row, cron, nextRun: nextChore(await timesOf(cron), row, now()) }
  }

  async function perform({ name, work }: Chore): Promise<void> {
    try {
      await work()
      await store.jobs.ended(name, null)
    } catch (error) {
      log.warn('chore.failed', { chore: name, code: codeOf(error) })
      await store.jobs.ended(name, codeOf(error))
    }
  }

  return {
    async list() {
      const rows = await store.jobs.list()
      return await Promise.all(chores.map((chore) => look(chore, rows)))
    },
    async round() {
      for (const chore of chores) {
        const { nextRun: at, name, lastRunAt, lastCode } = await look(chore, await store.jobs.list())
        if (at === null || at > now()) continue
        if (await store.jobs.claim({ name, lastRunAt, lastCode }, new Date(now()).toISOString()))
          await perform(chore)
      }
    },
  }
}

function nextChore(times: Times, { lastRunAt, lastCode }: JobRun, now: number): number | null {
  const last = lastRunAt === null ? null : Date.parse(lastRunAt)
  const at = nextRun(times, last, now)
  if (at === null || last === null || lastCode === null) return at
  return Math.min(at, last + retryMs)
}
