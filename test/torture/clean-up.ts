import type { App } from '../../src/app.ts'
import { createCleanup } from '../../src/jobs/cleanup.ts'
import { silentLog } from '../../src/log.ts'

/** The daily clean-up of an owner who has said that it may remove. */
export async function cleanUp({ connections }: App): Promise<void> {
  await createCleanup({ connections, cleanup: 'remove', staleDays: 90, log: silentLog })()
}
