/**
 * A copy on the settings of its environment that fetches everything, once for each line of its input: JSON of the
 * options of `sync.read`. It answers with a line of JSON of an `Answer`. `CHILD_AHEAD_MS`: how far its clock is ahead.
 */
import { createInterface } from 'node:readline'
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { silentLog } from '../../../src/log.ts'

export interface Answer {
  readonly complete: boolean
  readonly errors: readonly (string | null)[]
  readonly totals: unknown
}

const { CHILD_AHEAD_MS = '0', ...env } = process.env
const now = () => Date.now() + Number(CHILD_AHEAD_MS)
const app = await createApp(readConfig({ flags: {}, env }), silentLog, now)
process.stdout.write('ready\n')
for await (const line of createInterface(process.stdin)) {
  const { window, sources, complete } = await app.sync.read(JSON.parse(line))
  const { totals } = await app.sync.snapshot(window)
  const answer: Answer = { complete, errors: sources.map(({ error }) => error?.code ?? null), totals }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await app.close()
