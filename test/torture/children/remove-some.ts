/**
 * A copy that removes the connections of `argv[3..]`, or does the daily clean-up where there are none, when it is told to
 * go on; says when it has. COFFER_HOME and the rest come in the environment. `argv[2]`: how far its clock is ahead, in ms.
 */
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { silentLog } from '../../../src/log.ts'
import { cleanUp } from '../clean-up.ts'

const [, , aheadMs = '0', ...itemIds] = process.argv
const config = readConfig({ flags: {}, env: process.env })
const app = await createApp(config, silentLog, () => Date.now() + Number(aheadMs))

async function work(): Promise<void> {
  if (itemIds.length === 0) return await cleanUp(app)
  const rows = await Promise.all(itemIds.map((itemId) => app.connections.find(itemId)))
  await app.connections.removal.remove([['asked', rows]])
}

process.once('message', () => void work().then(() => process.send?.('done')))
process.send?.('ready')
