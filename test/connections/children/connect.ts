/**
 * A copy that makes a link, has it filled in and goes on with it until it is killed.
 * COFFER_HOME and the rest come in the environment, as for the real one; CHILD_ORDER is JSON of an `Order`.
 */
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { silentLog } from '../../../src/log.ts'
import { bank, type Login, logIn, newLink } from '../../support/rooms.ts'

export interface Order {
  readonly login: Login
  readonly replaces: string | null
  /** How far the clock of the test is ahead. */
  readonly aheadMs: number
}

// The tests that start this write it.
const order = JSON.parse(process.env['CHILD_ORDER'] ?? '{}') as Partial<Order>
const { login = {}, replaces = null, aheadMs = 0 } = order

const config = readConfig({ flags: {}, env: process.env })
const app = await createApp(config, silentLog, () => Date.now() + aheadMs)
const { link, url } = await newLink(app, { replaces })
await logIn(url.open(), bank, login)
process.stdout.write(link.linkId)
app.connections.watcher.watch(link.linkId)
setInterval(() => undefined, 1_000)
