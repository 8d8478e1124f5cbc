import { codeOf } from '../errors.ts'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Candidate, firstChoice, lastChoice } from '../jobs/candidate.ts'
import { type Leadership, seekLeadership } from '../jobs/leader.ts'
import { acquireLock } from '../lock.ts'
import type { Log } from '../log.ts'
import type { LeaderNote } from '../model.ts'
import { preparePrivateDirectory } from '../private-files.ts'
import type { Opened } from './open.ts'

/** For whoever wants to tell a person. */
export interface BackgroundEvents {
  /** Another copy leads. */
  readonly onWaiting?: () => void
  /** This copy leads, and this is how its listening stands now. */
  readonly onNote?: (note: LeaderNote) => void
  readonly onError?: (error: unknown) => void
}

/**
 * A long-lived copy seeks to lead. Only the one that does opens the database for it: the others stay as
 * small as a server that nobody has called yet.
 */
export function startBackground(
  config: Config,
  opened: Opened,
  log: Log,
  { onWaiting, onNote, onError }: BackgroundEvents = {},
): Leadership {
  return seekLeadership({
    candidate: candidateOf(config),
    async lead(signal) {
      const app = await opened.app()
      await app.lead(signal, onNote)
    },
    onError(error) {
      log.warn('leader.failed', { code: codeOf(error) })
      onError?.(error)
    },
    ...(onWaiting !== undefined && { onWaiting }),
  })
}

function candidateOf({ home, listener }: Config): Candidate {
  const locks = { leader: lockAt(home, 'leader.lock'), waiting: lockAt(home, 'listen.lock') }
  return listener === null ? lastChoice(locks) : firstChoice(locks)
}

function lockAt(home: string, name: string) {
  return async () => {
    preparePrivateDirectory(home)
    return await acquireLock(join(home, name))
  }
}
