import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createApprovals } from './approval/index.ts'
import { type Audit, createAudit, tellingEnd } from './audit/index.ts'
import { openFileInBrowser, openInBrowser } from './browser.ts'
import type { ApprovedAction } from './approved-action.ts'
import { type Config, plaidUrlOf } from './config.ts'
import {
  createConnections,
  createRestoration,
  createTokenOf,
  needsCheck,
  type Restoration,
} from './connections/index.ts'
import { notConfigured } from './errors.ts'
import { wantedAddress } from './jobs/addresses.ts'
import { type BackgroundDeps, lead } from './jobs/background.ts'
import { type Chore, createChores } from './jobs/chores.ts'
import { createCleanup } from './jobs/cleanup.ts'
import { resumeRotation } from './jobs/resume-rotation.ts'
import { createSchedule } from './jobs/schedule.ts'
import { createTokenReport } from './jobs/token-report.ts'
import { underLock } from './lock.ts'
import type { Log } from './log.ts'
import type { LeaderNote } from './model.ts'
import { createPages, type Pages } from './pages/index.ts'
import type { PlaidKeys } from './plaid-keys.ts'
import { createPlaid, translateCode } from './plaid/index.ts'
import type { Plaid } from './plaid/operations.ts'
import { finishLink } from './simulator/click.ts'
import { demoUpstream, type Upstream } from './simulator/host.ts'
import { beginRestore, openStore, type Store } from './store/index.ts'
import { createSync } from './sync/index.ts'
import { machineTimeZone } from './time-zone.ts'
import { createAdmission } from './tools/admission.ts'
import { performAgreed } from './tools/agreed.ts'
import type { Core } from './tools/context.ts'
import {
  createKeptKeys,
  createVault,
  type Keychain,
  type KeptKeys,
  type Keys,
  osKeychain,
} from './vault/index.ts'

export { listCopies } from './store/index.ts'

/** The whole program behind its doors: every room built, and handed what it needs. */
export interface App extends Core {
  readonly plaid: Plaid
  readonly pages: Pages
  readonly keys: Keys
  readonly keptKeys: KeptKeys
  readonly audit: Audit
  /** What the leader does in the background, until the signal aborts; `onNote`: how its listening stands. */
  lead(signal: AbortSignal, onNote?: (note: LeaderNote) => void): Promise<void>
  close(): Promise<void>
}

const newId = randomUUID
const timeZone = machineTimeZone()

/** `now`: ms since 1970. */
export async function createApp(config: Config, log: Log, now = Date.now): Promise<App> {
  if (!config.demo) return await build(config, log, now)
  const app = await build(config, log, now)
  try {
    const lock = { timeoutMs: 30_000 }
    await underLock(join(config.home, 'household.lock'), () => connectHousehold(app), lock)
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

async function build(config: Config, log: Log, now: () => number): Promise<App> {
  const store = await openStore({ home: config.home, now })
  const audit = createAudit({ store, now, log })
  const keychain = osKeychain({})
  const keptKeys = createKeptKeys(keychain, store.databaseId)
  const upstream = config.demo ? demoUpstream(config.home) : upstreamOf(config, keptKeys)
  const vault = vaultOn(config, store, keychain, now)
  const plaid = createPlaid({
    ...plaidSettings(config),
    keys: upstream.keys,
    onKeysRejected: keptKeys.readAnew,
    baseUrl: upstream.baseUrl,
    clientUserId: `coffer-${store.databaseId}`,
    tokenOf: createTokenOf(store, vault, config.environment),
    hosts: store.hosts,
    budget: { take: (limits, billed) => store.calls.take(limits, now(), billed) },
    // No item_id: what a person has removed should not live on in a log.
    onCall: ({ endpoint, ms, code, requestId }) => log.debug('plaid.call', { endpoint, ms, code, requestId }),
    now,
  })
  const pages = createPages({
    store,
    environment: config.environment,
    port: config.pagesPort,
    redirects: join(config.home, 'opening'),
    metrics: config.metrics,
    now,
    log,
    approvals: createApprovals({ store, now }),
    perform: (action) => auditedYes(audit, action, () => performAgreed(action, app)),
    core: () => app,
  })
  const connections = createConnections({
    store,
    vault,
    plaid,
    environment: config.environment,
    products: config.products,
    now,
    newId,
    completionUrl: pages.doneUrl,
    linkLock: (work, signal) =>
      underLock(join(config.home, 'links.lock'), work, { timeoutMs: 60_000, signal }),
    // Whoever waits in vain comes again with the next poll.
    loginLock: (work) => underLock(join(config.home, 'logins.lock'), work, { timeoutMs: 5_000 }),
    translateCode,
    log,
    onFinished: ({ itemId }) => itemId !== null && sync.pull(itemId, 'link'),
  })
  const sync = createSync({ ...syncSettings(config), store, connections, plaid, translateCode, now, log })
  const built = { store, audit, plaid, connections, sync, pages, keys: vault.keys, keptKeys }
  const app = assemble(config, built, upstream, { log, now })
  return app
}

function auditedYes<T>(audit: Audit, { removals }: ApprovedAction, work: () => Promise<T>): Promise<T> {
  const about = removals.map(({ itemId }) => ({ item_id: itemId }))
  return tellingEnd(work, (outcome) => audit.note({ actor: 'page', name: 'confirm', outcome, about }, true))
}

function plaidSettings({ environment, language, countryCodes, webhookUrl }: Config) {
  return { environment, clientName: 'Coffer', language, countryCodes, webhookUrl }
}

/**
 * Whether Plaid takes these keys in the environment that is set, and if not, whether they fit the other one. Opens no
 * store and keeps nothing. @throws CofferError when Plaid cannot be asked
 */
export async function tryKeys(config: Config, keys: PlaidKeys): ReturnType<Plaid['checkKeys']> {
  const plaid = createPlaid({
    ...plaidSettings(config),
    keys: async () => keys,
    baseUrl: async () => plaidUrlOf(config),
    clientUserId: 'coffer-setup',
    tokenOf: () => Promise.reject(new Error('cannot happen: no bank is asked about')),
    budget: { take: async () => 0 },
    now: Date.now,
  })
  return await plaid.checkKeys()
}

function vaultOn(config: Config, store: Store, keychain: Keychain, now: () => number) {
  return createVault({
    key: config.key,
    databaseId: store.databaseId,
    passphrase: config.passphrase,
    keys: store.keys,
    sealed: store.sealed,
    hasSealedRows: async () => (await store.connections.hasTokens()) || (await store.links.open()).length > 0,
    // Another copy may be waiting for its person to answer a keychain dialogue.
    lock: (work, signal) => underLock(join(config.home, 'key.lock'), work, { timeoutMs: 60_000, signal }),
    keychain,
    now,
  })
}

/** A backup that was checked; nothing is changed yet. `file`: a path or a name; null: the newest that is good. */
export async function createRestore(config: Config, file: string | null): Promise<Restoration> {
  const restoring = await beginRestore({ home: config.home, file })
  const keychain = osKeychain({})
  return await createRestoration(restoring, (store) => vaultOn(config, store, keychain, Date.now))
}

/** What comes by the clock: fetching every connection, and chores. */
function timetable(
  { environment, syncCron, cleanup, cleanupCron, staleDays, analyticsCron }: Config,
  { store, audit, sync, connections }: Pick<App, 'store' | 'audit' | 'sync' | 'connections'>,
  log: Log,
  now: () => number,
): Pick<App, 'schedule' | 'chores'> {
  const shared = { store, timeZone, now, log }
  return {
    schedule: createSchedule({ ...shared, run: sync.run, environment, cron: syncCron }),
    chores: createChores({
      ...shared,
      chores: [
        { name: 'prune', cron: '30 3 * * *', work: () => prune({ store, sync }, now) },
        {
          name: 'cleanup',
          cron: cleanupCron,
          work: createCleanup({ connections, cleanup, staleDays, log }),
        },
        { name: 'analytics', cron: analyticsCron, work: createTokenReport(store, now) },
        { name: 'backup', cron: '0 4 * * *', work: async () => void (await store.backups.make('daily')) },
        // After the backup, which has all rows whatever an index says.
        { name: 'integrity', cron: '0 5 * * 0', work: () => store.requireWhole() },
      ].map((chore) => ({ ...chore, work: () => auditedChore(audit, chore) })),
    }),
  }
}

const auditDays = 90

async function prune({ store, sync }: Pick<App, 'store' | 'sync'>, now: () => number): Promise<void> {
  await sync.prune()
  await store.audit.prune(new Date(now() - auditDays * 24 * 60 * 60_000).toISOString())
}

function auditedChore(audit: Audit, { name, work }: Chore): Promise<void> {
  return tellingEnd(work, (outcome) => audit.note({ actor: 'job', name, outcome, about: [] }))
}

function syncSettings({ environment, products, ledger, retentionDays }: Config) {
  return { environment, products, timeZone, ledger: ledger ? { retentionDays } : null }
}

/** Its cards and the mortgage tell what is due from the start: a demo bills nobody. */
const household = [
  { institutionId: 'ins_109508', kind: 'bank', begin: ['liabilities'] },
  { institutionId: 'ins_109511', kind: 'bank', begin: ['liabilities'] },
  { institutionId: 'ins_109512', kind: 'brokerage', begin: [] },
] as const

/**
 * The demo begins with a household that is connected already: through the same Link pages as any other. What an
 * earlier start left undone is made up for.
 */
async function connectHousehold({ store, connections, sync }: App): Promise<void> {
  const known = (await store.connections.list()).map(({ institutionId }) => institutionId)
  const missing = household.filter(({ institutionId }) => !known.includes(institutionId))
  if (missing.length === 0) return
  for (const { institutionId, kind, begin } of missing) {
    const bank = { kind, begin, days: 730, label: null, person: null, replaces: null }
    const { link, url } = await connections.links.forNewBank(bank)
    await finishLink(url.open(), 'success', { institutionId, username: 'user_good', password: 'pass_good' })
    await connections.watcher.wait(link.linkId, 10_000)
  }
  await sync.read({ days: 30, maxAgeMinutes: 60 })
}

type Rooms = Pick<
  App,
  'store' | 'audit' | 'plaid' | 'connections' | 'sync' | 'pages' | 'keys' | 'keptKeys' | 'schedule' | 'chores'
>

function assemble(
  config: Config,
  built: Omit<Rooms, 'schedule' | 'chores'>,
  upstream: Upstream,
  { log, now }: { log: Log; now: () => number },
): App {
  const { environment, products, readOnly } = config
  const rooms = { ...built, ...timetable(config, built, log, now) }
  return {
    ...rooms,
    environment,
    products,
    readOnly,
    wantsWebhooks: config.webhookUrl !== null,
    approve: (action) => rooms.pages.confirmUrl(action),
    timeZone,
    admit: createAdmission(built.store.calls, now),
    now,
    openUrl: async (url) => config.openBrowser && (await openInBrowser(url)),
    async openPage(url) {
      const file = config.openBrowser ? await rooms.pages.redirectFile(url) : null
      return file !== null && (await openFileInBrowser(file))
    },
    async lead(signal, onNote) {
      // Not waited for: whoever ends does not wait for a keychain that asks its person.
      void resumeRotation({ resume: rooms.keys.resume, log }, signal)
      rooms.store.reserve.keep()
      if (config.metrics) await rooms.pages.open()
      await lead(backgroundOf(config, rooms, log, now), signal, onNote)
    },
    async close() {
      await rooms.pages.close()
      await rooms.connections.watcher.close()
      await rooms.sync.close()
      await upstream.close()
      await rooms.audit.close()
      await rooms.store.close()
    },
  }
}

function backgroundOf(config: Config, rooms: Rooms, log: Log, now: () => number): BackgroundDeps {
  const { connections, plaid, sync } = rooms
  return {
    ...rooms,
    environment: config.environment,
    checkMinutes: config.checkMinutes,
    hear: (webhook) => connections.hear(webhook),
    needsCheck,
    pull: (itemId) => sync.pull(itemId, 'webhook'),
    updateWebhook: (itemId, url, signal) => plaid.updateWebhook(itemId, url, signal),
    addressFor: (port) => wantedAddress(config, port),
    listen: listenOf(config, rooms, log, now),
    pid: process.pid,
    now,
    log,
  }
}

/** Only the copy that leads loads what a web server needs. */
function listenOf(
  { listener, environment, webhookUrl }: Config,
  { store, plaid }: Rooms,
  log: Log,
  now: () => number,
): BackgroundDeps['listen'] {
  if (listener === null) return null
  return async (onStored) => {
    const { startListener } = await import('./webhook/index.ts')
    const deps = { ...listener, store, plaid, environment, webhookUrl, now, log, onStored }
    return await startListener(deps, listener.port)
  }
}

/** Without keys the store can still be looked at; whatever asks Plaid says what to set. */
function upstreamOf(config: Config, kept: KeptKeys): Upstream {
  const { keys, keysInKeychain, environment } = config
  return {
    async keys() {
      if (keys !== null) return keys
      if (keysInKeychain) return await kept.read(environment)
      throw notConfigured()
    },
    baseUrl: async () => plaidUrlOf(config),
    async close() {},
  }
}
