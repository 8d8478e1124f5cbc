/**
 * A copy that makes a link, has it filled in and goes on with it until it is killed.
 * COFFER_HOME and the rest come in the environment, as for the real one.
 */
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { silentLog } from '../../../src/log.ts'
import { bank, logIn, newLink } from '../../support/rooms.ts'

const app = await createApp(readConfig({ flags: {}, env: process.env }), silentLog)
const { link, url } = await newLink(app)
await logIn(url.open(), bank)
app.connections.watcher.watch(link.linkId)
process.stdout.write(link.linkId)
setInterval(() => undefined, 1_000)
