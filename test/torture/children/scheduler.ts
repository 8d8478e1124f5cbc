/**
 * A scheduler on the database in `CHILD_HOME`, with a clock that is told to it: one look at what is due for each `Tick`
 * that it is sent, answered with a `Report`.
 */
import { createChores } from '../../../src/jobs/chores.ts'
import { createSchedule } from '../../../src/jobs/schedule.ts'
import { silentLog } from '../../../src/log.ts'
import { openStore } from '../../../src/store/index.ts'
import { noteRun } from '../../store/runs.ts'

export interface Tick {
  /** What the clock says, in ms since 1970. */
  readonly at: number
  /** What is begun lasts until a tick that holds nothing. */
  readonly hold: boolean
}

/** Since the tick before. */
export interface Report {
  readonly begun: readonly string[]
  readonly ended: readonly string[]
  readonly chores: number
  /** Seen to be due, and claimed by another one first. */
  readonly lost: number
  readonly fault: string | null
}

export const timeZone = 'America/New_York'
/** Half past two is left out when the clocks go forward, and half past one comes twice when they go back. */
export const syncAt = '02:30'
export const choreAt = '01:30'

const cronOf = (time: string) => `${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * *`

async function serve(home: string): Promise<void> {
  let now = 0
  let isHolding = false
  let release = () => {}
  let held: Promise<void> = Promise.resolve()
  const report = { begun: [] as string[], ended: [] as string[], chores: 0, lost: 0 }
  const store = await openStore({ home, now: () => now })
  const iso = () => new Date(now).toISOString()

  async function run(itemId: string, cause: 'schedule') {
    const startedAt = iso()
    report.begun.push(itemId)
    await held
    await noteRun(store, { itemId, startedAt, endedAt: iso(), code: null, cause })
    await store.connections.change(itemId, (row) => ({ ...row, lastSyncedAt: startedAt }))
    report.ended.push(itemId)
    return { ok: true, code: null }
  }

  async function claim(...about: Parameters<typeof store.schedules.claim>) {
    const isOurs = await store.schedules.claim(...about)
    if (!isOurs) report.lost += 1
    return isOurs
  }

  const common = { timeZone, now: () => now, log: silentLog }
  const schedule = createSchedule({
    ...common,
    store: { ...store, schedules: { ...store.schedules, claim } },
    run: (itemId) => run(itemId, 'schedule'),
    environment: 'sandbox',
    cron: cronOf(syncAt),
  })
  const chore = { name: 'daily', cron: cronOf(choreAt), work: async () => void (report.chores += 1) }
  const chores = createChores({ ...common, store, chores: [chore] })

  async function look({ at, hold }: Tick): Promise<void> {
    now = at
    if (hold && !isHolding) held = new Promise((resolve) => void (release = resolve))
    if (!hold) release()
    isHolding = hold
    await Promise.all([schedule.round(), chores.round()])
    if (!hold) await schedule.ended()
  }

  process.on('message', (tick: Tick) => {
    const tell = (fault: string | null) => {
      const { begun, ended, ...rest } = report
      const told: Report = { begun: begun.splice(0), ended: ended.splice(0), ...rest, fault }
      Object.assign(report, { chores: 0, lost: 0 })
      process.send?.(told)
    }
    look(tick).then(
      () => tell(null),
      (error: unknown) => tell(String(error)),
    )
  })
  process.send?.('ready')
}

const { CHILD_HOME } = process.env
if (CHILD_HOME !== undefined) await serve(CHILD_HOME)
