import { Hono } from 'hono'
import { statuses } from '../model.ts'
import type { Store } from '../store/store.ts'
import { version } from '../version.ts'
import type { PageDeps } from './index.ts'

type Labels = Readonly<Record<string, string>>

interface Metric {
  readonly name: string
  readonly help: string
  readonly samples: readonly (readonly [Labels, number])[]
}

/** As Prometheus reads it. */
const textFormat = 'text/plain; version=0.0.4; charset=utf-8'
const mostPending = 1_000

/** How this program fares, for whoever watches it: numbers without a bank's name, an id or an amount. */
export function metricRoutes({ store, now }: PageDeps): Hono {
  const app = new Hono()

  app.get('/healthz', async (c) => {
    c.header('cache-control', 'no-store')
    const trouble = await troubleOf(store).catch(() => 'the database does not answer')
    return c.json({ status: trouble ?? 'ok' }, trouble === null ? 200 : 503)
  })

  app.get('/metrics', async (c) => {
    const all = [...ofThisProcess(), ...(await ofConnections(store, now())), ...(await ofWork(store))]
    c.header('cache-control', 'no-store')
    return c.body(all.map(textOf).join(''), 200, { 'content-type': textFormat })
  })
  return app
}

/** As the full check found it, or a backup that could not be made. */
async function troubleOf({ jobs }: Store): Promise<string | null> {
  const isDamaged = (await jobs.list()).some(({ lastCode }) => lastCode === 'DATABASE_DAMAGED')
  return isDamaged ? 'the database is damaged' : null
}

function ofThisProcess(): Metric[] {
  const startedAt = Math.round(performance.timeOrigin / 1000)
  return [
    gauge('coffer_build_info', 'The version that answers.', [[{ version }, 1]]),
    gauge('process_start_time_seconds', 'When this copy started.', [[{}, startedAt]]),
    gauge('process_resident_memory_bytes', 'Memory of this copy.', [[{}, process.memoryUsage.rss()]]),
  ]
}

async function ofConnections({ tokens, connections }: Store, now: number): Promise<Metric[]> {
  const groups = await tokens.groups()
  const month = new Date(now).toISOString().slice(0, 7)
  const count = (of: string) =>
    groups.filter(({ status }) => status === of).reduce((sum, group) => sum + group.count, 0)
  const synced = (await connections.list()).flatMap(({ status, lastSyncedAt }) =>
    status === 'active' && lastSyncedAt !== null ? [Date.parse(lastSyncedAt)] : [],
  )
  return [
    gauge(
      'coffer_connections',
      'Connections by status.',
      statuses.map((status) => [{ status }, count(status)]),
    ),
    gauge('coffer_connections_failing', 'Connections whose last fetch failed.', [
      [{}, await tokens.countFailing()],
    ]),
    gauge(
      'coffer_oldest_sync_timestamp_seconds',
      'When the working connection that was fetched longest ago was fetched.',
      synced.length === 0 ? [] : [[{}, Math.round(Math.min(...synced) / 1000)]],
    ),
    gauge('coffer_billed_calls', 'Calls that Plaid bills one by one, of the months that are kept.', [
      [{}, await tokens.billedCalls()],
    ]),
    gauge(
      'coffer_subscriptions',
      'Connections that were asked this month for what Plaid bills by the month.',
      (await tokens.subscriptions(month)).map(({ endpoint, connections: some }) => [{ endpoint }, some]),
    ),
  ]
}

async function ofWork({ inbox, jobs, leader }: Store): Promise<Metric[]> {
  const all = await jobs.list()
  const lead = await leader.read()
  const ran = all.flatMap(({ name, lastRunAt }) =>
    lastRunAt === null ? [] : [[{ job: name }, Math.round(Date.parse(lastRunAt) / 1000)] as const],
  )
  return [
    gauge('coffer_leads', 'Whether this copy does the background work.', [
      [{}, lead?.pid === process.pid ? 1 : 0],
    ]),
    gauge('coffer_listens', 'Whether the copy that leads listens for webhooks.', [
      [{}, lead !== null && lead.port !== null ? 1 : 0],
    ]),
    gauge('coffer_webhooks_pending', `Webhooks without effect yet, at most ${mostPending}.`, [
      [{}, (await inbox.pending(mostPending)).length],
    ]),
    gauge('coffer_job_last_run_timestamp_seconds', 'When a job last began.', ran),
    gauge(
      'coffer_job_failed',
      'Whether a job failed when it last ran, or has not ended yet.',
      all.map(({ name, lastCode }) => [{ job: name }, lastCode === null ? 0 : 1]),
    ),
  ]
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, samples }
}

function textOf({ name, help, samples }: Metric): string {
  if (samples.length === 0) return ''
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
