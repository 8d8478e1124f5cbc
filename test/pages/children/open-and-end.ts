import type { Store } from '../../../src/store/store.ts'
import { pagesOn } from '../pages-on.ts'

// No page is asked for what is in the store.
const pages = pagesOn({} as Store)
const url = (await pages.doneUrl('none')) ?? ''
// The connection is kept open by both sides.
await (await fetch(new URL('/', url))).text()
process.stdout.write(`${url}\n`)
