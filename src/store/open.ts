import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { createPrivateFile, preparePrivateDirectory } from '../private-files.ts'
import type { Access } from './access.ts'
import { createAccounts } from './accounts.ts'
import { createApprovals } from './approvals.ts'
import { createAudit } from './audit.ts'
import { hasCopies } from './backups/directories.ts'
import { createBackups } from './backups/make.ts'
import { createBalanceDays } from './balance-days.ts'
import { createCalls } from './calls.ts'
import { createConnections } from './connections.ts'
import { createDeliveries } from './deliveries.ts'
import type { DriverName } from './drivers/driver.ts'
import { type Drivers, drivers, loadDriver } from './drivers/load.ts'
import { createFlow } from './flow.ts'
import { createHistory } from './history.ts'
import { createHoldings } from './holdings.ts'
import { createHosts } from './hosts.ts'
import { createInbox } from './inbox.ts'
import { createJobs } from './jobs.ts'
import { createKeys } from './keys.ts'
import { createLeader } from './leader.ts'
import { createLiabilities } from './liabilities.ts'
import { behind, createLeases } from './leases.ts'
import { createLedger } from './ledger.ts'
import { createLinks } from './links.ts'
import { migrate, readDatabaseId } from './migrate.ts'
import { newestSchema } from './migrations/index.ts'
import { createRules } from './rules.ts'
import { openPresent } from './presence.ts'
import { createReserve, sparing } from './reserve.ts'
import { createReconciliations } from './reconciliations.ts'
import { createRemovals } from './removal.ts'
import { createSchedules } from './schedules.ts'
import { createScrubbing } from './scrubbing.ts'
import { createSealed } from './sealed.ts'
import { createSeen } from './seen.ts'
import type { Store } from './store.ts'
import { createSyncRuns } from './sync-runs.ts'
import { createTokenReports } from './token-reports.ts'
import { createTokens } from './tokens.ts'
import { createTombstones } from './tombstones.ts'
import { createWhole } from './whole.ts'

export interface StoreOptions {
  /** The directory of all that is kept; made, for this user alone, if it is missing. */
  readonly home: string
  /** Default: better-sqlite3, and node:sqlite where its native part does not load. */
  readonly driver?: DriverName
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** From 0 to 1: spreads the retries of several processes. */
  readonly random?: () => number
  readonly newId?: () => string
  /** How long a statement waits for another process before it is tried again. */
  readonly busyMs?: number
  readonly drivers?: Drivers
  readonly platform?: NodeJS.Platform
}

/**
 * Opens the database in `home`, or makes it at the first start. Rejects with HOME_NOT_PRIVATE, BAD_SETTING,
 * SQLITE_TOO_OLD, DATABASE_NEWER, DATABASE_DAMAGED, DATABASE_READ_ONLY, DATABASE_BUSY or DISK_FULL, with
 * everything left as it was.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const home = resolve(options.home)
  const path = join(home, 'coffer.db')
  const marker = join(home, 'database.id')
  preparePrivateDirectory(home)
  const driver = await loadDriver(options.driver, options.drivers ?? drivers)
  const database = await openPresent(driver, {
    ...withDefaults(options),
    home,
    path,
    marker,
    isKnown: () => hasCopies(home),
    newest: newestSchema,
  })
  try {
    const backups = createBackups(database, { home, driver, now: options.now ?? Date.now })
    await migrate(database, {
      lockPath: join(home, 'migrate.lock'),
      newId: options.newId ?? randomUUID,
      backUp: () => backups.make('migration'),
    })
    const databaseId = await database.read(readDatabaseId)
    // Tells a later start that an empty database file is no first start.
    createPrivateFile(marker, `${databaseId}\n`)
    const about = { driver: driver.name, version: driver.version, path }
    const reserve = createReserve(join(home, 'disk.reserve'), options.now ?? Date.now)
    const { rest, vital } = sparing(database, reserve)
    const around = { databaseId, about, backups, reserve, close: () => database.close() }
    return storeOn(rest, around, vital)
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * The longer SQLite waits the less often it looks whether it is its turn, and the process stands still meanwhile: beside
 * copies that keep writing it would not come to it for seconds. So it is asked anew instead.
 */
const defaultBusyMs = 60

export function withDefaults({ now, random, busyMs, platform }: StoreOptions) {
  return {
    now: now ?? Date.now,
    random: random ?? Math.random,
    busyMs: busyMs ?? defaultBusyMs,
    platform: platform ?? process.platform,
  }
}

type Around = Pick<Store, 'databaseId' | 'about' | 'backups' | 'reserve' | 'close'>

/** All tables of an open database. @param vital writes also what has to be written on a full disk. Default: as the rest */
export function storeOn(access: Access, around: Around, vital: Access = access): Store {
  return {
    ...tables(access, vital, around),
    ...around,
    fenced: (lease) => storeOn(behind(lease, access), around, behind(lease, vital)),
  }
}

/** Vital is what deletes, what says how things stand, and a token that Plaid has given. */
function tables(
  database: Access,
  vital: Access,
  { about: { path }, backups }: Around,
): Omit<Store, keyof Around | 'fenced'> {
  return {
    connections: { ...createConnections(vital), ...createRemovals(vital) },
    accounts: createAccounts(database),
    holdings: createHoldings(database),
    liabilities: createLiabilities(database),
    flow: createFlow(database),
    rules: createRules(database),
    balanceDays: createBalanceDays(database),
    history: createHistory(database),
    seen: createSeen(database),
    links: { ...createLinks(vital), insert: createLinks(database).insert },
    approvals: createApprovals(database),
    audit: createAudit(vital),
    inbox: createInbox(vital),
    deliveries: createDeliveries(vital),
    leader: createLeader(vital),
    reconciliations: createReconciliations(database),
    schedules: createSchedules(database),
    jobs: createJobs(vital),
    requireWhole: createWhole(database, path),
    version: () => database.version(),
    keys: createKeys(vital),
    sealed: createSealed(vital),
    calls: createCalls(vital),
    hosts: createHosts(vital),
    ledger: createLedger(database),
    leases: createLeases(vital),
    syncRuns: createSyncRuns(vital),
    tombstones: createTombstones(database),
    tokenReports: createTokenReports(database),
    tokens: createTokens(database),
    scrubbing: createScrubbing(vital, path, backups),
  }
}
