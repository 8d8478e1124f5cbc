import type { Look } from './store-watch.ts'

/** Calls `onEnd` when nothing can come of the link any more, well or not. */
export function whenLinkEnds(linkId: string, onEnd: () => void): Look {
  return async ({ store }) => {
    const link = await store.links.find(linkId)
    if (link?.state === 'open' || link?.state === 'exchanging') return 'again'
    onEnd()
    return 'done'
  }
}
