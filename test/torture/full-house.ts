import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { finishLink } from '../../src/simulator/click.ts'
import { openStore } from '../../src/store/index.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { loginWith } from '../support/custom-user.ts'
import { freePort } from '../support/port.ts'
import { dataDirectory, hour } from '../support/rooms.ts'
import { fillDisk, freeDisk, mountDisk, unmountDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import { contentsOf } from './contents.ts'

export interface Level {
  /** Bytes. */
  readonly left: number
  readonly hasReserve: boolean
  /** The person has been given the links while there was room. */
  readonly isLate: boolean
}

/** What was refused for want of room, and what must not be. */
export interface Seen {
  readonly refused: readonly string[]
  readonly faults: readonly string[]
}

/** A server on a disk of its own, with two banks: one that is repaired again and again, and one that webhooks tell of. */
export interface FullHouse extends AsyncDisposable {
  /** Fills the disk, asks for everything that writes, and makes room again. */
  at(level: Level, number: number): Promise<Seen>
  /** Ends the server; what is wrong with the file then. */
  end(): Promise<readonly string[]>
}

interface Scene {
  readonly house: Household
  readonly copy: Copy
  readonly disk: string
  readonly repaired: string
  readonly told: string
}

const megabytes = 32
const reserveBytes = 4 * 1024 * 1024

export async function openFullHouse(): Promise<FullHouse> {
  const house = await household({ timedWebhooks: false, webhookClock: 'machine' })
  const disk = dataDirectory(house.home)
  mkdirSync(disk, { mode: 0o700 })
  if (!mountDisk(disk, megabytes)) throw new Error('cannot happen: it was tried before')
  const port = await freePort()
  const copy = await house.start({
    COFFER_PORT: String(port),
    COFFER_WEBHOOK_URL: `http://127.0.0.1:${port}/plaid/webhook`,
    // No check may find what a webhook should have told.
    COFFER_CHECK_MINUTES: '1440',
  })
  const { item_id: repaired } = await connectBank(copy, bankNumber(1))
  const { item_id: told } = await connectBank(copy, bankNumber(2))
  await copy.call('sync_snapshot', { max_age_minutes: 0 })
  const scene = { house, copy, disk, repaired, told }
  return {
    at: (level, number) => at(scene, level, number),
    async end() {
      await copy.close()
      const { integrity } = contentsOf(disk)
      return integrity === 'ok' ? [] : [`damaged: ${integrity}`]
    },
    async [Symbol.asyncDispose]() {
      await copy.close().catch(() => undefined)
      unmountDisk(disk)
      await house[Symbol.asyncDispose]()
    },
  }
}

function bankNumber(number: number) {
  const mask = String(1_000 + number)
  return loginWith({ name: `Account ${mask}`, mask, balance: 100 })
}

async function at(scene: Scene, level: Level, number: number): Promise<Seen> {
  const { copy, house, told, repaired } = scene
  const faults: string[] = []
  const refused: string[] = []
  const ask = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    const said = await work().then(JSON.stringify, String)
    const isFull = /DISK_FULL/.test(said)
    if (isFull) refused.push(what)
    else if (/Error: /.test(said)) faults.push(`${what}: ${said}`)
    return !isFull
  }
  const begin = async () => [
    await begun(() => copy.call('start_reauth', { item_id: repaired })),
    await begun(() => copy.call('connect_bank')),
  ]
  await makeReady(scene, level)
  const early = level.isLate ? await begin() : null
  await makeFull(scene, level)
  const rule = { match: `shop ${number % 20}`, category: `level ${number}` }
  const isRuled = await ask('rule', () => copy.call('set_rule', rule))
  const links = early ?? (await begin())
  for (const [n, link] of links.entries()) {
    const what = n === 0 ? 'repair' : 'new bank'
    await ask(what, () => followed(copy, link, bankNumber(n === 0 ? 1 : 100 + number)))
  }
  house.simulator.controls.resetLogin(told)
  if (!(await isAnswered(scene))) refused.push('webhook')
  await ask('fetch', () => copy.call('sync_snapshot', { max_age_minutes: 0 }))
  for (const [what, read] of Object.entries(reads))
    await read(copy).catch((error: unknown) => faults.push(`${what} on a full disk: ${String(error)}`))
  freeDisk(scene.disk)
  faults.push(...(await healed(scene, isRuled ? rule : null, links)))
  const place = `${level.left} bytes left${level.hasReserve ? ' and the reserve' : ''}`
  return { refused, faults: faults.map((fault) => `${place}: ${fault}`) }
}

const reads = {
  list_connections: (copy: Copy) => copy.call('list_connections'),
  sync_snapshot: (copy: Copy) => copy.call('sync_snapshot', { max_age_minutes: -1 }),
  get_history: (copy: Copy) => copy.call('get_history', { metric: 'net_worth' }),
}

async function makeReady({ house, disk, repaired }: Scene, { hasReserve }: Level): Promise<void> {
  house.simulator.controls.breakItem(repaired, 'ITEM_LOGIN_REQUIRED')
  await house.simulator.controls.webhooksSettled()
  const reserve = join(disk, 'disk.reserve')
  if (hasReserve) writeFileSync(reserve, Buffer.alloc(reserveBytes), { mode: 0o600 })
  else rmSync(reserve, { force: true })
}

/** The log of the database has nothing that could be written over. */
async function makeFull({ disk }: Scene, { left }: Level): Promise<void> {
  const database = new BetterSqlite(join(disk, 'coffer.db'), { timeout: 5_000 })
  database.pragma('wal_checkpoint(truncate)')
  database.close()
  fillDisk(disk, left)
}

async function isAnswered({ house: { simulator } }: Scene): Promise<boolean> {
  await simulator.controls.webhooksSettled()
  return simulator.controls.deliveries().at(-1)?.status === 200
}

/** A link that was made, or why not. */
type Begun = { readonly link_id: string; readonly url: string } | { readonly error: unknown }

async function begun(
  make: () => Promise<{ link_id?: string | undefined; url?: string | undefined }>,
): Promise<Begun> {
  try {
    const { link_id, url } = await make()
    if (link_id === undefined || url === undefined) throw new Error('there is no link')
    return { link_id, url }
  } catch (error) {
    return { error }
  }
}

/** What the person does with a link, and what becomes of it. */
async function followed(copy: Copy, one: Begun, login: ReturnType<typeof loginWith>): Promise<unknown> {
  if ('error' in one) throw one.error
  const { link_id, url } = one
  const { refusal } = await finishLink(url, 'success', { institutionId: 'ins_109508', ...login })
  if (refusal !== null) throw new TypeError(`the bank refused: ${refusal}`)
  return await copy.call('check_connection', { link_id, wait_seconds: 2 })
}

/** With room again everything goes on that was begun, and what was said to be done is there. */
async function healed(
  scene: Scene,
  rule: { readonly match: string; readonly category: string } | null,
  links: readonly Begun[],
): Promise<string[]> {
  const { copy, house, told, repaired } = scene
  const faults: string[] = []
  const must = async (what: string, isSo: () => Promise<boolean>) =>
    await until(isSo, 15_000).catch(() => faults.push(`${what}: not so after 15 s with room`))
  // Plaid comes again with what was not answered.
  house.simulator.controls.advance(31_000)
  await must('the webhook has its effect', async () => (await statusOf(copy, told)) === 'needs_reauth')
  house.simulator.controls.repairItem(told)
  for (const one of links) {
    if ('error' in one) continue
    const { link_id } = one
    const isDone = async () => {
      const { outcome } = await copy.call('check_connection', { link_id, wait_seconds: 2 })
      return outcome === 'connected' || outcome === 'repaired'
    }
    await must('a link that the person finished ends well', isDone)
  }
  house.simulator.controls.repairItem(repaired)
  await must('rules can be set', () => isSet(copy))
  const { rules } = await copy.call('set_rule', { match: 'with room', kind: 'ignore' })
  if (rule !== null && !rules.some((one) => one.match === rule.match && one.category === rule.category))
    faults.push('a rule that was taken is not there')
  await must('every bank works, and none of Plaid is unknown', () => isWhole(scene))
  await must(
    'everything is fetched',
    async () => (await copy.call('sync_snapshot', { max_age_minutes: 0 })).complete,
  )
  await forgetNewBanks(scene)
  return faults
}

async function isSet(copy: Copy): Promise<boolean> {
  return await copy.call('set_rule', { match: 'with room', kind: 'ignore' }).then(
    () => true,
    () => false,
  )
}

async function statusOf(copy: Copy, itemId: string) {
  const { connections } = await copy.call('list_connections')
  return connections.find((one) => one.item_id === itemId)?.status
}

async function isWhole({ copy, house }: Scene): Promise<boolean> {
  const { connections } = await copy.call('list_connections')
  const known = connections.filter(({ status }) => status === 'active').map((one) => one.item_id)
  const atPlaid = house.simulator.controls.items().map((one) => one.itemId)
  return atPlaid.every((itemId) => known.includes(itemId)) && connections.length === known.length
}

/** So that each level begins with the same two. */
async function forgetNewBanks({ house, disk, repaired, told }: Scene): Promise<void> {
  const store = await openStore({ home: disk })
  try {
    for (const item of house.simulator.controls.items()) {
      if (item.itemId === repaired || item.itemId === told) continue
      item.removed = true
      await store.connections.remove(item.itemId)
    }
    await store.calls.take([], Date.now() + hour)
  } finally {
    await store.close()
  }
}
