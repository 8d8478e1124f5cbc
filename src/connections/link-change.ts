import type { Log } from '../log.ts'
import type { Link } from '../store/store.ts'
import type { HealthKeeper } from './health.ts'
import type { LinkDeps } from './links.ts'

export interface FinishDeps extends Omit<LinkDeps, 'attempt'> {
  readonly health: HealthKeeper
  readonly log: Log
}

/** Writes what has changed of a link, and gives the link as it is then. */
export type ChangeLink = (link: Link, patch: Partial<Link>) => Promise<Link>

/** What a duplicate becomes that is to be connected all the same. */
export const goingOn = { state: 'exchanging', finishedAt: null } as const satisfies Partial<Link>

export function ended(state: Link['state'], now: number): Partial<Link> {
  return { state, finishedAt: new Date(now).toISOString() }
}
