/** Seeks to lead on the lock file that is named, and says each time that it does. */
import { acquireLock } from '../../../src/lock.ts'
import { seekLeadership } from '../../../src/jobs/leader.ts'

const [path = ''] = process.argv.slice(2)
seekLeadership({
  candidate: {
    acquire: () => acquireLock(path),
    yields: async () => false,
    failed: () => undefined,
    close: () => undefined,
  },
  lead: async (signal) => {
    process.stdout.write(`${process.pid} leads\n`)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  },
  onError: () => process.exit(1),
})
setInterval(() => undefined, 1_000)
