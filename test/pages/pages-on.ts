import { createApprovals } from '../../src/approval/index.ts'
import { silentLog } from '../../src/log.ts'
import { createPages, type PagesDeps } from '../../src/pages/index.ts'
import type { Store } from '../../src/store/store.ts'

/** Pages over this store alone, on any free port. */
export function pagesOn(store: Store, deps: Partial<PagesDeps> = {}) {
  const { now = Date.now } = deps
  return createPages({
    store,
    approvals: createApprovals({ store, now }),
    perform: async () => 'nothing',
    core: () => {
      throw new Error('there is nothing behind these pages')
    },
    environment: 'sandbox',
    port: 0,
    redirects: '/nowhere',
    metrics: false,
    now,
    log: silentLog,
    ...deps,
  })
}
