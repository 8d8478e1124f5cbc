/** What SQLite alone takes here: `argv[3]` rows, one a transaction, into `argv[2]`, when it is told to go on. Nothing of ours. */
import BetterSqlite from 'better-sqlite3'

const [, , path = '', times = '0'] = process.argv
const database = new BetterSqlite(path, { timeout: 60_000 })
database.pragma('journal_mode = wal')
database.pragma('synchronous = full')
database.exec('create table if not exists plain (text text)')
const insert = database.prepare('insert into plain values (?)')

process.once('message', () => {
  const tookMs = Array.from({ length: Number(times) }, () => {
    const start = performance.now()
    database.transaction(() => insert.run('x'.repeat(200))).immediate()
    return performance.now() - start
  })
  database.close()
  process.send?.({ tookMs })
  process.disconnect()
})
process.send?.('ready')
