import type { App } from '../../app.ts'
import { failed, type Finding } from './finding.ts'

/** As the leader looks once a week. */
export async function wholeOf({ store }: Pick<App, 'store'>): Promise<Finding> {
  try {
    await store.requireWhole()
    return { check: 'database', ok: true, says: `every page, row and index of ${store.about.path} is whole` }
  } catch (error) {
    return failed('database', error)
  }
}
