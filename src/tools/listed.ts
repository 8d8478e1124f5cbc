import { tools } from './index.ts'
import { listingOf } from './listing.ts'

/**
 * Every tool as `tools/list` shows it. The build puts the finished list in the place of this module: turning all the
 * schemas into JSON would take a tenth of each start.
 */
export const listedTools = tools.map(listingOf)
