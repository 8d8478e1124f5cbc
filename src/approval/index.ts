import { createHash, randomBytes } from 'node:crypto'
import type { ApprovedAction } from '../approved-action.ts'
import { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'

export interface ApprovalDeps {
  readonly store: Pick<Store, 'approvals'>
  readonly now: () => number
}

/** A person's yes to something that cannot be undone, where the client cannot ask for it. */
export interface Approvals {
  /** Asks for one action. Whoever has the token can say yes, once, until `expiresAt`. */
  ask(action: ApprovedAction): Promise<{ readonly token: Secret; readonly expiresAt: string }>
  /** What this token is for; null when there is nothing to be said any more. */
  find(token: string): Promise<ApprovedAction | null>
  /** As `find`, and the token is used up: of all who come at once one gets the action. */
  take(token: string): Promise<ApprovedAction | null>
}

const patienceMs = 5 * 60_000
const tokenBytes = 32

export function createApprovals({ store, now }: ApprovalDeps): Approvals {
  const iso = (at: number) => new Date(at).toISOString()
  return {
    async ask(action) {
      const token = randomBytes(tokenBytes).toString('base64url')
      const expiresAt = iso(now() + patienceMs)
      await store.approvals.add({ approvalId: idOf(token), action, expiresAt }, iso(now()))
      return { token: new Secret(token), expiresAt }
    },
    find: (token) => store.approvals.find(idOf(token), iso(now())),
    take: (token) => store.approvals.take(idOf(token), iso(now())),
  }
}

/** Whoever reads the database learns from it no token that works. */
function idOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
