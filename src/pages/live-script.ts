/**
 * What keeps a page up to date, src/browser/live.ts as browsers run it: the build puts it in the place of this module.
 * Run from the sources there is none, and a page is as it was when it was loaded.
 */
export const liveScript: string = ''
