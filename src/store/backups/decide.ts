import type { Connection } from '../../model.ts'
import type { Tombstone } from '../../tombstone.ts'

/** Why a connection of a backup does not come back. */
export type LeftOut = 'removed' | 'replaced' | 'removing' | 'revoked'

/** What a restore does with each connection. */
export interface Decision {
  /** Those of the backup that are as they were in it, afterwards. */
  readonly restored: readonly Connection[]
  /** Those of the backup that its owner has ended since. */
  readonly leftOut: readonly { readonly connection: Connection; readonly why: LeftOut }[]
  /** Those that were connected since: without their token nobody could end them at Plaid. They stay. */
  readonly since: readonly Connection[]
}

export interface Restored {
  readonly decision: Decision
  /** The file that keeps what was replaced; null: there was nothing. */
  readonly kept: string | null
}

/** What is there now, and what the backup has. */
export interface Sides {
  readonly live: readonly Connection[]
  readonly tombstones: readonly Tombstone[]
  readonly copied: readonly Connection[]
}

export function decide({ live, tombstones, copied }: Sides): Decision {
  const now = new Map(live.map((connection) => [connection.itemId, connection]))
  const reasons = new Map(copied.map((connection) => [connection, endOf(connection, now, tombstones)]))
  const known = new Set(copied.map(({ itemId }) => itemId))
  return {
    restored: copied.filter((connection) => reasons.get(connection) === null),
    leftOut: copied.flatMap((connection) => {
      const why = reasons.get(connection) ?? null
      return why === null ? [] : [{ connection, why }]
    }),
    since: live.filter(({ itemId }) => !known.has(itemId)),
  }
}

/** A tombstone names nobody, but it says when the connection was made, to the millisecond. */
function endOf(
  { itemId, environment, createdAt }: Connection,
  live: ReadonlyMap<string, Connection>,
  tombstones: readonly Tombstone[],
): LeftOut | null {
  const status = live.get(itemId)?.status
  if (status === 'removing' || status === 'revoked') return status
  if (status !== undefined) return null
  const stone = tombstones.find((one) => one.environment === environment && one.connectedAt === createdAt)
  if (stone === undefined) return null
  return stone.reason === 'replaced' ? 'replaced' : 'removed'
}
