import { readdirSync, readFileSync } from 'node:fs'

// What Linux says of a process, whatever the process itself believes.

/** What it holds of the machine's memory, in bytes. */
export function memoryOf(pid: number | undefined): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** How long it had a core since it began, in ms: much the same however busy the machine is. */
export function cpuMsOf(pid: number): number {
  // The name, in brackets, may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const [user, system] = fields.slice(11, 13).map(Number)
  const ticksASecond = 100
  return (((user ?? 0) + (system ?? 0)) * 1000) / ticksASecond
}

/** Files, sockets and pipes. */
export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
