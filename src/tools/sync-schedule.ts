import { z } from 'zod'
import { CofferError } from '../errors.ts'
import { livingLeader } from '../jobs/listening.ts'
import type { ChoreState } from '../jobs/chores.ts'
import type { Scheduled } from '../jobs/schedule.ts'
import { statuses, type SyncRun } from '../model.ts'
import type { ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { nextStepFor } from './next-step.ts'
import { pageOf } from './paging.ts'
import { cursor, itemId, limit, nextStep } from './shapes.ts'
import { present } from './views.ts'

const least = 15
const most = 10_080
const shownRuns = 5

const row = z.object({
  item_id: z.string(),
  institution: z.string(),
  status: z.enum(statuses),
  every_minutes: z.number(),
  next_run: z.string().optional(),
  last_runs: z.array(z.object({ at: z.string(), ok: z.boolean(), code: z.string().optional() })),
  overdue: z.boolean(),
  next_step: nextStep.optional(),
})

const job = z.object({
  name: z.string(),
  cron: z.string(),
  last_run: z.string().optional(),
  next_run: z.string().optional(),
})

export const syncSchedule = defineTool({
  name: 'sync_schedule',
  title: 'Sync schedule',
  description:
    'When each connection is fetched by itself, its last runs, and whether one is overdue; the daily jobs, and which copy of this server does them. With item_id and every_minutes (15 to 10080) it gives a connection a frequency of its own; 0 puts it back to the daily job. Connections whose login is broken wait for their repair. To fetch now, whatever the schedule, call sync_snapshot with max_age_minutes 0.',
  effect: 'write',
  input: z.strictObject({
    item_id: itemId.optional(),
    every_minutes: z
      .number()
      .int()
      .min(0)
      .max(most)
      .refine((value) => value === 0 || value >= least, { error: `must be 0, or ${least} to ${most}` })
      .optional()
      .describe('0 = with the daily job. Left out, nothing changes'),
    limit: limit(25),
    cursor,
  }),
  output: z.object({
    connections: z.array(row),
    jobs: z.array(job),
    leader: z.object({ pid: z.number(), since: z.string(), here: z.boolean() }).optional(),
    next_cursor: z.string().optional(),
  }),
  changes: ({ every_minutes }) => every_minutes !== undefined,
  async handle(args, context) {
    const { connections, store, schedule, chores, readOnly, now } = context
    if (args.item_id !== undefined) await connections.find(args.item_id)
    if (args.every_minutes !== undefined) await setFrequency(args.item_id, args.every_minutes, context)
    const all = await schedule.list()
    const asked = all.filter(({ connection }) => connection.itemId === (args.item_id ?? connection.itemId))
    const page = pageOf(asked, args.limit, args.cursor, (one) => viewOf(one, readOnly, now()))
    const next = (await schedule.times()).next(now())
    const leader = livingLeader(await store.leader.read())
    return {
      connections: page.rows,
      jobs: [syncJob(schedule.cron, all, next), ...(await chores.list()).map((one) => jobView(one, now()))],
      ...(leader === null
        ? {}
        : { leader: { pid: leader.pid, since: leader.since, here: leader.pid === process.pid } }),
      ...(page.next === undefined ? {} : { next_cursor: page.next }),
    }
  },
})

async function setFrequency(
  itemId: string | undefined,
  everyMinutes: number,
  { store }: ToolContext,
): Promise<void> {
  if (itemId === undefined)
    throw new CofferError('ITEM_ID_NEEDED', 'every_minutes is the frequency of one connection.', {
      fix: 'Say which by item_id; list_connections has them. COFFER_SYNC_CRON sets when all others are fetched.',
    })
  await store.schedules.setFrequency(itemId, everyMinutes)
}

function viewOf(
  { connection, everyMinutes, nextRun, runs, overdue }: Scheduled,
  readOnly: boolean,
  now: number,
): z.input<typeof row> {
  return {
    item_id: connection.itemId,
    institution: connection.institution,
    status: connection.status,
    every_minutes: everyMinutes,
    last_runs: runs.slice(0, shownRuns).map(runView),
    overdue,
    ...present({ next_run: comingAt(nextRun, now), next_step: nextStepFor(connection, readOnly) }),
  }
}

function runView({ startedAt, code }: SyncRun) {
  return { at: startedAt, ok: code === null, ...present({ code }) }
}

/** Those of the daily job; one with a frequency of its own runs apart from it. */
function syncJob(cron: string, all: readonly Scheduled[], next: number | null): z.input<typeof job> {
  const begun = all.flatMap(({ everyMinutes, begunAt }) => (everyMinutes === 0 ? [begunAt ?? ''] : []))
  const last = begun.toSorted().at(-1)
  return {
    name: 'sync',
    cron,
    ...present({ last_run: last === '' ? null : last, next_run: next === null ? null : isoOf(next) }),
  }
}

function jobView({ name, cron, lastRunAt, nextRun }: ChoreState, now: number): z.input<typeof job> {
  return { name, cron, ...present({ last_run: lastRunAt, next_run: comingAt(nextRun, now) }) }
}

/** What is due is done with the next look. */
function comingAt(at: number | null, now: number): string | null {
  return at === null ? null : isoOf(Math.max(at, now))
}

function isoOf(at: number): string {
  return new Date(at).toISOString()
}
