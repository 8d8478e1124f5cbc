import type { Connection } from '../model.ts'

const day = 86_400_000

/** Tokens by what they are good for; names and times of no bank. @param removed those of which only a tombstone is left */
export function tokenCounts(all: readonly Connection[], removed: number, now: number) {
  const expired = all.filter(({ status }) => status === 'expired')
  const revoked = all.filter(({ status }) => status === 'revoked')
  const living = livingOf(all)
  const unused = living.map(({ lastUsedAt, createdAt }) => daysSince(lastUsedAt ?? createdAt, now))
  return {
    total_tokens: all.length + removed,
    active_tokens: living.length,
    expired_tokens: expired.length,
    revoked_tokens: revoked.length + removed,
    unique_users: new Set(all.map(({ person }) => person)).size,
    stale_tokens_30_days: unused.filter((days) => days >= 30 && days < 90).length,
    stale_tokens_90_days: unused.filter((days) => days >= 90).length,
  }
}

/** Neither over nor taken back. */
export function livingOf(all: readonly Connection[]): readonly Connection[] {
  return all.filter(({ status }) => status !== 'expired' && status !== 'revoked')
}

export function daysSince(time: string, now: number): number {
  return Math.floor((now - Date.parse(time)) / day)
}
