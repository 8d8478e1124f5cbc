import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const everyMs = 200

/**
 * For suites that ask far more than a person could: from outside, what was counted of their tool calls is forgotten a few
 * times a second, as if a minute had passed. The database has to be there already.
 */
export function unhurried(dataDirectory: string): Disposable {
  const database = new DatabaseSync(join(dataDirectory, 'coffer.db'), { timeout: 5_000 })
  const forget = database.prepare("delete from plaid_calls where key = 'tools'")
  const timer = setInterval(() => forget.run(), everyMs)
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      database.close()
    },
  }
}
