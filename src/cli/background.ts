import { join } from 'node:path'
import type { Config } from '../config.ts'
import { isCofferError } from '../errors.ts'
import { type Leadership, seekLeadership } from '../jobs/leader.ts'
import { acquireLock } from '../lock.ts'
import type { Log } from '../log.ts'
import { preparePrivateDirectory } from '../private-files.ts'
import type { Opened } from './open.ts'

/**
 * A long-lived copy seeks to lead. Only the one that does opens the database for it: the others stay as
 * small as a server that nobody has called yet.
 */
export function startBackground(config: Config, opened: Opened, log: Log): Leadership {
  const path = join(config.home, 'leader.lock')
  return seekLeadership({
    async acquire() {
      preparePrivateDirectory(config.home)
      return await acquireLock(path)
    },
    async lead(signal) {
      const app = await opened.app()
      await app.lead(signal)
    },
    onError: (error) => log.warn('leader.failed', { code: isCofferError(error) ? error.code : 'INTERNAL' }),
  })
}
