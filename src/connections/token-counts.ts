import type { SyncRun } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { TokenGroup } from '../store/tokens.ts'

const day = 86_400_000

export interface TokenCensus {
  /** Those that are neither over nor taken back. */
  readonly living: readonly TokenGroup[]
  readonly counts: TokenCounts
  /** What is kept every week. */
  readonly report: TokenCounts & Readonly<Record<'failing' | 'billed_calls', number>>
  readonly expiringSoon: number
  readonly needsReauth: number
  /** Of all, also of those that are over; null: there is none. */
  readonly oldest: string | null
  /** Keys by how many tokens they seal. */
  readonly keys: Readonly<Record<string, number>>
}

type TokenCounts = Readonly<
  Record<
    | 'total_tokens'
    | 'active_tokens'
    | 'expired_tokens'
    | 'revoked_tokens'
    | 'unique_users'
    | 'stale_tokens_30_days'
    | 'stale_tokens_90_days',
    number
  >
>

/** Tokens by what they are good for. */
export async function takeCensus(
  { tokens, tombstones }: Pick<Store, 'tokens' | 'tombstones'>,
  now: number,
): Promise<TokenCensus> {
  const ago = (days: number) => new Date(now - days * day).toISOString()
  const groups = await tokens.groups()
  const removed = await tombstones.count()
  const living = groups.filter(({ status }) => status !== 'expired' && status !== 'revoked')
  const of = (status: TokenGroup['status']) => sumOf(groups.filter((group) => group.status === status))
  const counts = {
    total_tokens: sumOf(groups) + removed,
    active_tokens: sumOf(living),
    expired_tokens: of('expired'),
    revoked_tokens: of('revoked') + removed,
    unique_users: await tokens.people(),
    stale_tokens_30_days: await tokens.unusedSince(ago(30), ago(90)),
    stale_tokens_90_days: await tokens.unusedSince(ago(90)),
  }
  return {
    living,
    counts,
    report: {
      ...counts,
      failing: await tokens.countFailing(),
      billed_calls: await tokens.billedCalls(),
    },
    needsReauth: of('needs_reauth'),
    expiringSoon: await tokens.expiringBy(ago(-14)),
    oldest: groups.map(({ oldest }) => oldest).toSorted()[0] ?? null,
    keys: tally(groups, ({ keyId }) => keyId),
  }
}

/** The failures in a row that the last runs end with, newest first; null where they end with a good one. */
export function streakOf(runs: readonly SyncRun[]) {
  // A run that was stopped says nothing of the bank.
  const ended = runs.filter(({ code }) => code !== 'CANCELLED')
  const good = ended.findIndex(({ code }) => code === null)
  const failed = good === -1 ? ended : ended.slice(0, good)
  const [last, first] = [failed[0], failed.at(-1)]
  if (last === undefined || first === undefined || last.code === null) return null
  return { code: last.code, failures: failed.length, since: first.endedAt }
}

export function tally(
  groups: readonly TokenGroup[],
  nameOf: (group: TokenGroup) => string,
): Record<string, number> {
  const counted = new Map<string, number>()
  for (const group of groups) counted.set(nameOf(group), (counted.get(nameOf(group)) ?? 0) + group.count)
  return Object.fromEntries(counted)
}

function sumOf(groups: readonly TokenGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0)
}

export function daysSince(time: string, now: number): number {
  return Math.floor((now - Date.parse(time)) / day)
}
