import { setTimeout as sleep } from 'node:timers/promises'
import { ageOf } from '../age.ts'
import { type CofferError, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Environment } from '../model.ts'
import type { Link, Store } from '../store/store.ts'
import type { Poll } from './finish.ts'
import type { LinkDeps } from './links.ts'
import { createPatience } from './patience.ts'

export interface WatcherDeps {
  readonly store: Store
  readonly poll: Poll
  readonly environment: Environment
  readonly now: () => number
  /** Random, one per process. */
  readonly owner: string
  readonly log: Log
  readonly completionUrl: LinkDeps['completionUrl']
  /** Called once for each link that this process brought to a good end. */
  readonly onFinished: (link: Link) => unknown
}

/** Finishes links in the background: whoever made one, or, when that process has ended, the leader. */
export interface Watcher {
  /** Starts polling this link unless another living process does, or it is not ours to ask about. Returns at once. */
  watch(linkId: string): void
  /**
   * Waits until the link has ended, the person leaves the page, or the time is up; polls faster meanwhile. A
   * page that was left before is waited for: its url may be opened again.
   */
  wait(linkId: string, ms: number, signal?: AbortSignal): Promise<Link | null>
  /** What kept Plaid from being asked about this link when that was last tried here; null when it answered. */
  problemOf(linkId: string): CofferError | null
  /** Starts watching every open link that nobody polls. */
  adopt(): Promise<void>
  close(): Promise<void>
}

/**
 * A lease outlives the pause to the next poll by this much. Should Plaid take longer to answer, two processes
 * poll at once for a while, which wastes a call and does no harm.
 */
const leaseMarginMs = 8_000

export function createWatcher(deps: WatcherDeps): Watcher {
  const { store, now, log } = deps
  const running = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const patience = createPatience(store, closing.signal)
  const problems = new Map<string, CofferError>()
  const step = createStep(deps, problems)

  async function run(linkId: string): Promise<void> {
    while (!closing.signal.aborted) {
      const link = await store.links.find(linkId)
      if (link === null || isFinal(link) || link.environment !== deps.environment) return
      const interval = intervalOf(link, now())
      const until = now() + interval + leaseMarginMs
      if (!(await store.links.lease(linkId, deps.owner, now(), until))) return
      // The page of a copy that has ended is to be there again when the person comes to it.
      await deps.completionUrl(linkId)
      const moved = await step(linkId)
      if (moved === null || isFinal(moved)) return
      await patience.pause(linkId, interval, link.rungAt)
    }
  }

  function watch(linkId: string): void {
    if (running.has(linkId) || closing.signal.aborted) return
    const done = run(linkId)
      .catch((error: unknown) => log.error('link.watch_failed', { link_id: linkId, name: nameOf(error) }))
      .finally(() => [running, problems].forEach((kept) => kept.delete(linkId)))
    running.set(linkId, done)
  }

  async function wait(linkId: string, ms: number, signal?: AbortSignal): Promise<Link | null> {
    const until = performance.now() + ms
    return await patience.hurry(linkId, async () => {
      let wasExited = true
      for (;;) {
        watch(linkId)
        const link = await store.links.find(linkId)
        if (link === null || isFinal(link) || performance.now() >= until || signal?.aborted) return link
        if (link.exited && !wasExited) return link
        wasExited = link.exited
        await sleep(Math.min(200, Math.max(1, until - performance.now())))
      }
    })
  }

  return {
    watch,
    wait,
    problemOf: (linkId) => problems.get(linkId) ?? null,
    async adopt() {
      for (const { linkId } of await store.links.open()) watch(linkId)
    },
    async close() {
      closing.abort()
      await Promise.all(running.values())
      await releaseAll(store, deps.owner)
    },
  }
}

/** One poll. Plaid or the network may be away for a while; the link stays open until its own end. */
function createStep({ store, poll, onFinished, log }: WatcherDeps, problems: Map<string, CofferError>) {
  return async (linkId: string): Promise<Link | null> => {
    const link = await store.links.find(linkId)
    if (link === null || isFinal(link)) return link
    try {
      const moved = await poll(link)
      problems.delete(linkId)
      if (moved.state === 'succeeded') onFinished(moved)
      return moved
    } catch (error) {
      if (isCofferError(error)) problems.set(linkId, error)
      log.warn('link.poll_failed', {
        link_id: linkId,
        code: isCofferError(error) ? error.code : nameOf(error),
      })
      return link
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** So that another process goes on at once, not only when the lease has run out. */
async function releaseAll(store: Store, owner: string): Promise<void> {
  const mine = (await store.links.open()).filter((link) => link.leaseOwner === owner)
  for (const { linkId } of mine) {
    await store.links.change(linkId, (link) =>
      link.leaseOwner === owner ? { ...link, leaseUntil: 0 } : link,
    )
  }
}

function isFinal(link: Link): boolean {
  return link.state !== 'open' && link.state !== 'exchanging'
}

/** Plaid may be a moment behind the page that rang. */
const freshRingMs = 6_000

/** Quick after a ring and while a person is likely in the page, then ever slower until the link expires. */
function intervalOf({ createdAt, rungAt }: Link, now: number): number {
  if (ageOf(rungAt, now) < freshRingMs) return 700
  const age = now - Date.parse(createdAt)
  if (age < 2 * 60_000) return 2_000
  return age < 10 * 60_000 ? 5_000 : 15_000
}
