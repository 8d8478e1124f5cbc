import { codeOf } from '../errors.ts'
import { isReplaced } from '../connections/index.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment, Status, SyncRun, SyncSchedule } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { Sync } from '../sync/index.ts'
import { waitAfter } from './backoff.ts'
import { cronTimes, nextRun, type Rhythm, type Times } from './times.ts'

export interface ScheduleDeps {
  readonly store: Pick<Store, 'connections' | 'schedules' | 'syncRuns'>
  readonly run: Sync['run']
  readonly environment: Environment
  /** Five fields: when all connections are fetched that have no frequency of their own. */
  readonly cron: string
  readonly timeZone: string
  readonly now: () => number
  readonly log: Log
}

/** How one connection stands with the schedule. Times in ms since 1970. */
export interface Scheduled {
  readonly connection: Connection
  /** 0: with all others, by the cron. */
  readonly everyMinutes: number
  readonly begunAt: string | null
  /** Newest first. */
  readonly runs: readonly SyncRun[]
  /** Now or before: it is due. Null: never. */
  readonly nextRun: number | null
  /** It has been due for more than a day, or two of its intervals, without success. */
  readonly overdue: boolean
}

export interface Schedule {
  /** One look at what is due; it is fetched in the background, once by whichever copy claims it. */
  round(): Promise<void>
  /** Resolves when what this copy has begun has ended. */
  ended(): Promise<void>
  list(): Promise<readonly Scheduled[]>
  /** When all connections are fetched that have no frequency of their own: five fields, and the times themselves. */
  readonly cron: string
  times(): Promise<Times>
}

const minute = 60_000
const day = 24 * 60 * minute
/** Longer than a run may take: what was begun and has not ended by then was cut off, and is made up for. */
const firstPauseMs = 3 * minute
const longestPauseMs = 6 * 60 * minute
/** So many failures in a row make the longest pause. */
const remembered = 8

/** The others wait for their owner, are over, or (preparing) are asked by the leader every few minutes anyway. */
const fetched: readonly Status[] = ['active', 'expiring', 'bank_issue']

export function createSchedule(deps: ScheduleDeps): Schedule {
  const { store, run, environment, now, log } = deps
  const running = new Map<string, Promise<void>>()
  let known: Promise<Times> | null = null
  const times = () => (known ??= cronTimes(deps.cron, deps.timeZone))

  async function look(connection: Connection, row: SyncSchedule | undefined): Promise<Scheduled> {
    const { everyMinutes = 0, begunAt = null } = row ?? {}
    const runs = await store.syncRuns.lastOf(connection.itemId, remembered)
    const rhythm = everyMinutes === 0 ? await times() : { everyMs: everyMinutes * minute }
    return {
      connection,
      everyMinutes,
      begunAt,
      runs,
      ...outlook(rhythm, connection, { begunAt, runs }, now()),
    }
  }

  async function list(): Promise<readonly Scheduled[]> {
    const rows = new Map((await store.schedules.list()).map((row) => [row.itemId, row]))
    const mine = (await store.connections.list()).filter(
      (row) => row.environment === environment && !isReplaced(row),
    )
    return await Promise.all(mine.map((connection) => look(connection, rows.get(connection.itemId))))
  }

  async function begin({ connection: { itemId }, begunAt }: Scheduled): Promise<void> {
    // Before the work, so that another copy that sees it due as well leaves it alone.
    if (!(await store.schedules.claim(itemId, begunAt, new Date(now()).toISOString()))) return
    const work = run(itemId, 'schedule')
      .then(({ code }) => log.info('schedule.synced', { code }))
      .catch((error: unknown) => log.warn('schedule.failed', { code: codeOf(error) }))
      .finally(() => running.delete(itemId))
    running.set(itemId, work)
  }

  return {
    cron: deps.cron,
    times,
    list,
    async round() {
      for (const one of await list()) {
        if (isToFetch(one, now()) && !running.has(one.connection.itemId)) await begin(one)
      }
    },
    async ended() {
      await Promise.all(running.values())
    },
  }
}

function isToFetch({ connection, nextRun: at }: Scheduled, now: number): boolean {
  return fetched.includes(connection.status) && at !== null && at <= now
}

interface Tries {
  readonly begunAt: string | null
  readonly runs: readonly SyncRun[]
}

/** When a connection is fetched next, with what was tried in vain, and whether that is long past. */
export function outlook(
  rhythm: Rhythm,
  connection: Pick<Connection, 'lastSyncedAt' | 'createdAt'>,
  { begunAt, runs }: Tries,
  now: number,
): Pick<Scheduled, 'nextRun' | 'overdue'> {
  const doneAt = lastDone(connection, runs, now)
  const at = nextRun(rhythm, doneAt, now)
  const failures = runs.findIndex(({ code }) => code === null)
  const retryAt = afterTry(begunAt, failures === -1 ? runs.length : failures, now)
  // What was done after now was done before the clock was set back: that which was begun may be running.
  const isTried = begunAt !== null && (doneAt === null || doneAt > now || Date.parse(begunAt) > doneAt)
  return {
    nextRun: at !== null && isTried ? Math.max(at, retryAt) : at,
    overdue: isOverdue(rhythm, doneAt ?? Date.parse(connection.createdAt), now),
  }
}

function isOverdue(rhythm: Rhythm, since: number, now: number): boolean {
  if ('everyMs' in rhythm) return since + 3 * rhythm.everyMs < now
  const dueAt = since < now - day ? rhythm.next(since) : null
  return dueAt !== null && dueAt < now - day
}

/** A claim that lies far ahead was made while the clock was wrong. */
function afterTry(begunAt: string | null, failures: number, now: number): number {
  const begun = begunAt === null ? 0 : Date.parse(begunAt)
  const wait = waitAfter(failures, firstPauseMs, longestPauseMs)
  return begun > now + wait ? 0 : begun + wait
}

/** When what it has now was fetched, whoever asked; null: never, or by a clock that was wrong. ms since 1970. */
function lastDone(
  { lastSyncedAt }: Pick<Connection, 'lastSyncedAt'>,
  runs: readonly SyncRun[],
  now: number,
): number | null {
  const ok = runs.find(({ code }) => code === null)?.startedAt ?? null
  const known = [lastSyncedAt, ok].flatMap((at) => (at === null ? [] : [Date.parse(at)]))
  const sane = known.filter((at) => at <= now + day)
  return sane.length === 0 ? null : Math.max(...sane)
}
