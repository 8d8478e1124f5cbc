/**
 * Looks every few ms which of the processes that it is told of have a listening socket, by what the kernel says of
 * them. Told by messages: a pid to watch, its negative to forget it, 0 to give the report and end.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const watched = new Set<number>()
const report = { samples: 0, withOne: 0, withMore: 0, longestGapMs: 0 }
let last = performance.now()

/** The inodes of all listening sockets of this machine. */
function listeningSockets(): Set<string> {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readFileSync(path, 'utf8').split('\n'))
  const fields = rows.map((row) => row.trim().split(/\s+/))
  return new Set(fields.filter(([, , , state]) => state === '0A').map((row) => `socket:[${row[9]}]`))
}

function listens(pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).some((fd) => sockets.has(linkAt(`${folder}/${fd}`)))
  } catch {
    // It has ended.
    return false
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function look(): void {
  const sockets = listeningSockets()
  const count = [...watched].filter((pid) => listens(pid, sockets)).length
  const now = performance.now()
  report.longestGapMs = Math.max(report.longestGapMs, Math.round(now - last))
  last = now
  report.samples += 1
  if (count === 1) report.withOne += 1
  if (count > 1) report.withMore += 1
}

process.on('message', (pid: number) => {
  if (pid > 0) watched.add(pid)
  else if (pid < 0) watched.delete(-pid)
  else process.send?.(report, () => process.exit(0))
})
setInterval(look, 3)
