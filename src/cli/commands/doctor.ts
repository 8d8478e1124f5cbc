import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../../app.ts'
import { type Config, mayAskPlaid, plaidUrlOf, userHome } from '../../config.ts'
import { isLeftAlone, wantedAddress } from '../../jobs/addresses.ts'
import { acquireLock } from '../../lock.ts'
import type { Connection } from '../../model.ts'
import { needsAttention, nextStepFor } from '../../tools/next-step.ts'
import { exitCodes, type Session } from '../command.ts'
import { clientsOf } from '../doctor/clients.ts'
import { clockOf } from '../doctor/clock.ts'
import { wholeOf } from '../doctor/database.ts'
import { failed, type Finding, lineOf } from '../doctor/finding.ts'
import { jobsOf } from '../doctor/jobs.ts'
import { keysAtPlaid, noKeys } from '../doctor/plaid-keys.ts'
import { portsOf } from '../doctor/ports.ts'
import { reachOf } from '../doctor/reach.ts'
import { rightsOf } from '../doctor/rights.ts'
import { scheduleOf } from '../doctor/schedule.ts'
import { settingsFileOf } from '../doctor/settings-file.ts'
import { deliveryOf, leaderOf, type Leading, settingsOf } from './doctor-webhooks.ts'

type Env = Readonly<Record<string, string | undefined>>

export async function doctor(session: Session, env: Env): Promise<number> {
  const findings = [runtime(), ...(await examine(session)), ...clientsHere(session, env)]
  session.print(session.json ? JSON.stringify({ findings }, null, 2) : findings.map(lineOf).join('\n'))
  const worst = findings.filter((finding) => !finding.ok).map((finding) => finding.code ?? exitCodes.failure)
  return Math.max(exitCodes.ok, ...worst)
}

function runtime(): Finding {
  return { check: 'Node', ok: true, says: `${process.versions.node} (${process.execPath})` }
}

/** What does not need the database is said also when that cannot be opened. */
async function examine(session: Session): Promise<Finding[]> {
  try {
    const config = session.opened.config()
    if (!config.demo && !existsSync(config.home)) return await beforeFirstUse(session, config)
    return [rightsOf(config.home), ...settingsFileOf(config), ...(await inside(session, config))]
  } catch (error) {
    return [failed('settings', error)]
  }
}

/** Who only asks what is wrong gets nothing made: no data directory, no database, no key. */
async function beforeFirstUse({ progress }: Session, config: Config): Promise<Finding[]> {
  const { home, keys } = config
  const says = `${home} is not there yet: setup or the first bank makes it, and the rest is looked at then`
  const data = { check: 'data', ok: true, says }
  // Those of the keychain belong to a database, and there is none.
  if (keys === null) return [data, noKeys]
  progress('Asking Plaid')
  const { tryKeys } = await import('../../app.ts')
  return [data, ...(await atPlaid(() => tryKeys(config, keys), config))]
}

/** Both at once, since each may wait for an answer that never comes. */
async function atPlaid(ask: App['plaid']['checkKeys'], config: Config): Promise<Finding[]> {
  const hasClock = mayAskPlaid(config) && !config.demo
  const [keys, clock] = await Promise.all([
    keysAtPlaid(ask, config),
    hasClock ? clockOf(plaidUrlOf(config), Date.now) : [],
  ])
  return [keys, ...clock]
}

async function inside({ opened, progress }: Session, config: Config): Promise<Finding[]> {
  try {
    const app = await opened.appWithoutKeys()
    progress('Asking Plaid')
    return [
      { check: 'SQLite', ok: true, says: `${app.store.about.version} by ${app.store.about.driver}` },
      await wholeOf(app),
      await keySource(app),
      ...(await atPlaid(() => app.plaid.checkKeys(), config)),
      ...(await background(app, config)),
    ]
  } catch (error) {
    return [failed('start', error)]
  }
}

/** The demo has no client of its own. */
function clientsHere({ opened }: Session, env: Env): Finding[] {
  const machine = { home: userHome(env), env, platform: process.platform }
  const script = realpathSync(process.argv[1] ?? '')
  try {
    const config = opened.config()
    return config.demo ? [] : clientsOf(machine, { script, config })
  } catch {
    // Said already, by what reads the settings first.
    return clientsOf(machine, { script, config: null })
  }
}

async function keySource({ connections }: App): Promise<Finding> {
  const state = await connections.vaultState()
  if (state.state === 'locked') return failed('key', state.why)
  return {
    check: 'key',
    ok: true,
    says: `${state.source}${state.keyId === null ? ', made with the first bank' : ''}`,
  }
}

async function background(app: App, config: Config): Promise<Finding[]> {
  const { store, environment, now } = app
  const leading = await leadingOf(app, config)
  const { wanted, note, isLed } = leading
  const deliveries = await store.deliveries.list()
  const rows = await store.connections.list()
  return [
    ...leaderOf(leading, config),
    ...(await reaching(app, config, leading)),
    ...settingsOf(config),
    ...(await portsOf(config, note?.port ?? null)),
    ...scheduleOf(await app.schedule.list(), isLed),
    ...jobsOf(await store.jobs.list()),
    ...rows.flatMap((row) => {
      const delivery = deliveries.find(({ itemId }) => itemId === row.itemId)
      const ours = row.environment === environment && !isLeftAlone(row)
      return [connection(row), ...(ours ? deliveryOf(row, delivery, wanted, now()) : [])]
    }),
  ]
}

async function leadingOf({ store }: App, config: Config): Promise<Leading> {
  // This process never leads, so opening the lock's file frees no lock of its own.
  const lock = await acquireLock(join(config.home, 'leader.lock'))
  lock?.release()
  const note = lock === null ? await store.leader.read() : null
  return { isLed: lock === null, note, wanted: wantedAddress(config, note?.port ?? null) }
}

/** Where nobody listens, nothing can answer. */
async function reaching({ store }: App, config: Config, { note }: Leading): Promise<Finding[]> {
  const { webhookUrl, listener } = config
  if (webhookUrl === null || (note?.port ?? null) === null) return []
  const hasRelay = listener !== null && listener.forwardSecret !== null
  return [await reachOf({ url: webhookUrl, databaseId: store.databaseId, hasRelay })]
}

function connection(row: Connection): Finding {
  const step = nextStepFor(row, true)?.text
  const says = `${row.status}${row.reason === null ? '' : ` (${row.reason})`}`
  return {
    check: row.institution,
    // What passes by itself, or has been replaced, is told and is no fault.
    ok: !needsAttention(row) && row.status !== 'bank_issue',
    says,
    ...(step === undefined ? {} : { fix: step }),
  }
}
