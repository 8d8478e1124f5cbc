import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * For suites that ask far more than a person could: from outside, what is counted of their tool calls is forgotten at
 * once, as if a minute had passed. The database has to be there already.
 */
export function unhurried(dataDirectory: string): Disposable {
  const database = new DatabaseSync(join(dataDirectory, 'coffer.db'), { timeout: 5_000 })
  database.exec(`create trigger unhurried after insert on plaid_calls when new.key = 'tools'
    begin delete from plaid_calls where key = 'tools'; end`)
  return {
    [Symbol.dispose]() {
      database.exec('drop trigger unhurried')
      database.close()
    },
  }
}
