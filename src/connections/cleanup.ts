import type { Connection, Environment } from '../model.ts'
import { createLook, type LookDeps, type Looked } from './foresee.ts'

export interface CleanupDeps extends LookDeps {
  readonly environment: Environment
}

export type CleanupReason = 'expired' | 'revoked' | 'stale'

/** A connection that a clean-up would remove. */
export interface Found {
  readonly connection: Connection
  readonly reason: CleanupReason
  /** Plaid was asked about it just now, and answered. */
  readonly isChecked: boolean
}

export interface Inspection {
  /** Tokens that Plaid was asked about and answered. */
  readonly checked: number
  /** Of those the ones that were not known to be dead before. */
  readonly invalid: number
  readonly found: readonly Found[]
  /** No token works, and Plaid knows some of them not at all: its keys may be those of another team now. */
  readonly doubtsKeys: boolean
}

export interface InspectionOptions {
  /** Unused by a person for so many days is stale. */
  readonly staleDays: number
  /** What the checks tell is written: dead ones become `expired`. Else nothing is. */
  readonly mark: boolean
}

export type Inspect = (options: InspectionOptions, signal?: AbortSignal) => Promise<Inspection>

const atOnce = 6
const day = 24 * 60 * 60_000

/**
 * Asks `/item/get` about every token of this environment that is not being removed already, and finds those that are
 * dead, taken back, or unused for long. What only needs a login is none of these. Whom Plaid could not be asked about is
 * judged by what is known.
 */
export function createInspect(deps: CleanupDeps): Inspect {
  const { store, environment, now } = deps
  const look = createLook(deps)

  async function lookAtAll(mark: boolean, signal?: AbortSignal): Promise<readonly Looked[]> {
    const rows = (await store.connections.list()).filter(
      (row) => row.environment === environment && row.status !== 'removing',
    )
    const waiting = rows.values()
    const looked: Looked[] = []
    const lookInTurn = async () => {
      for (const row of waiting) looked.push(await look(row, mark, signal))
    }
    await Promise.all(Array.from({ length: atOnce }, lookInTurn))
    const order = new Map(rows.map(({ itemId }, index) => [itemId, index]))
    const place = ({ before }: Looked) => order.get(before.itemId) ?? 0
    return looked.toSorted((a, b) => place(a) - place(b))
  }

  return async ({ staleDays, mark }, signal) => {
    const looked = await lookAtAll(mark, signal)
    const checked = looked.filter(({ isChecked }) => isChecked)
    return {
      checked: checked.length,
      invalid: checked.filter(({ before, after }) => isDead(after) && !isDead(before)).length,
      found: looked.flatMap(({ after, isChecked }) => {
        const reason = reasonFor(after, staleDays, now())
        return reason === null ? [] : [{ connection: after, reason, isChecked }]
      }),
      doubtsKeys:
        checked.every(({ after }) => isDead(after)) && checked.some(({ after }) => isUnknown(after)),
    }
  }
}

function isDead({ status }: Connection): boolean {
  return status === 'expired'
}

function isUnknown({ status, reason }: Connection): boolean {
  return status === 'expired' && reason === 'INVALID_ACCESS_TOKEN'
}

function reasonFor(
  { status, lastUsedAt, createdAt }: Connection,
  staleDays: number,
  now: number,
): CleanupReason | null {
  if (status === 'expired' || status === 'revoked') return status
  return now - Date.parse(lastUsedAt ?? createdAt) >= staleDays * day ? 'stale' : null
}

/** In the words of the tool and the log. */
export function statisticsOf({ checked, invalid }: Inspection, removed: readonly Found[]) {
  const count = (reason: CleanupReason) => removed.filter((one) => one.reason === reason).length
  return {
    total_checked: checked,
    expired_removed: count('expired'),
    stale_removed: count('stale'),
    invalid_marked: invalid,
    revoked_removed: count('revoked'),
    total_cleaned: removed.length,
  }
}

/** As the remover takes them. */
export function groupsOf(found: readonly Found[]): ReadonlyMap<CleanupReason, readonly Connection[]> {
  const groups = [...Map.groupBy(found, ({ reason }) => reason)]
  return new Map(groups.map(([reason, some]) => [reason, some.map(({ connection }) => connection)]))
}
