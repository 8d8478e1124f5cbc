import { silentLog } from '../../../src/log.ts'
import { createPages } from '../../../src/pages/index.ts'
import type { Store } from '../../../src/store/store.ts'

// No page is asked for what is in the store.
const pages = createPages({
  store: {} as Store,
  environment: 'sandbox',
  port: 0,
  now: Date.now,
  log: silentLog,
})
const url = (await pages.doneUrl('none')) ?? ''
// The connection is kept open by both sides.
await (await fetch(new URL('/', url))).text()
process.stdout.write(`${url}\n`)
