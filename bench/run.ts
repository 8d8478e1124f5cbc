import { type Figure, heading, lineOf } from './figure.ts'
import { measureFirstPlaidCall } from './first-plaid-call.ts'
import { measureIdle } from './idle.ts'
import { measureListConnections } from './list-connections.ts'
import { measureSnapshot } from './snapshot.ts'
import { measureStart } from './start.ts'
import { measureSync } from './sync.ts'
import { measureTokenAnalytics } from './token-analytics.ts'
import { measureWebhook } from './webhook.ts'

// Each figure stands beside its floor, measured in the same run: seconds differ from machine to machine, the
// ratios hardly do. A missed budget is said and ends with 0; what could not be measured ends with 1.
const measures: Record<string, () => Promise<Figure[]>> = {
  start: measureStart,
  idle: measureIdle,
  'list-connections': measureListConnections,
  'first-plaid-call': measureFirstPlaidCall,
  webhook: measureWebhook,
  sync: measureSync,
  snapshot: measureSnapshot,
  'token-analytics': measureTokenAnalytics,
}

const asked = process.argv.slice(2)
console.log(heading)
for (const [name, measure] of Object.entries(measures)) {
  if (asked.length === 0 || asked.includes(name)) await report(name, measure)
}

async function report(name: string, measure: () => Promise<Figure[]>): Promise<void> {
  try {
    for (const figure of await measure()) console.log(lineOf(figure))
  } catch (error) {
    process.exitCode = 1
    console.log(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`)
  }
}
