import { ageOf } from '../age.ts'
import { codeOf } from '../errors.ts'
import type { PagesDeps } from './index.ts'

const ringEveryMs = 1_000

/**
 * Tells whoever polls a link that its page may be over. It proves nothing, since anybody on this machine can load
 * the page, and nobody is told whether there is such a link.
 */
export function doorbell({ store, environment, now, log }: PagesDeps): (linkId: string) => Promise<void> {
  return async (linkId) => {
    try {
      const link = await store.links.find(linkId)
      if (link === null || link.environment !== environment || ageOf(link.rungAt, now()) < ringEveryMs) return
      await store.links.ring(new Date(now()).toISOString(), linkId)
    } catch (error) {
      // The person has nothing to do with it: without the bell the next poll finds out.
      log.warn('pages.ring_failed', { code: codeOf(error) })
    }
  }
}
