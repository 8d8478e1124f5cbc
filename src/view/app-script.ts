/**
 * What shows the views in a host, src/browser/app.ts as browsers run it: the build puts it in the place of this module.
 * Run from the sources there is none.
 */
export const appScript: string = ''
