import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { driverNames } from '../store/fixtures.ts'

/** Processes that write to one data directory for ever, each to a connection of its own. */
export interface Writers extends AsyncDisposable {
  /** How many writes they have told of. */
  written(): number
  failures(): readonly string[]
}

/** Resolves when each has written. */
export async function startWriters(home: string, count: number): Promise<Writers> {
  const said: string[] = []
  const start = async (number: number): Promise<ChildProcess> => {
    const driver = driverNames[number % driverNames.length] ?? 'better-sqlite3'
    const args = [join(import.meta.dirname, 'children/write-pairs.ts'), home, driver, `item-${number}`]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.on('data', (chunk: Buffer) => said.push(...String(chunk).trimEnd().split('\n')))
    await once(child.stdout, 'data')
    return child
  }
  const children = await Promise.all(Array.from({ length: count }, (_, number) => start(number)))
  return {
    written: () => said.filter((line) => !line.startsWith('failed')).length,
    failures: () => said.filter((line) => line.startsWith('failed')),
    async [Symbol.asyncDispose]() {
      for (const child of children.splice(0)) {
        const closed = once(child, 'close')
        child.kill('SIGKILL')
        await closed
      }
    },
  }
}

/** What is torn in a file that nobody has open: half of a write, or a page of another time. */
export function tornIn(path: string): string[] {
  const database = new BetterSqlite(path, { fileMustExist: true })
  try {
    const integrity = String(database.pragma('integrity_check', { simple: true }))
    const mixed = (sql: string) => database.prepare(sql).pluck().all().map(String)
    return [
      ...(integrity === 'ok' ? [] : [integrity]),
      ...mixed(
        'select item_id from accounts group by item_id having count(distinct name) <> 1 or count(*) <> 28',
      ),
      ...mixed(
        'select item_id from flow_days group by item_id having count(distinct sum) <> 1 or count(*) <> 28',
      ),
    ]
  } finally {
    database.close()
  }
}
