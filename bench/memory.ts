import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  const kib = process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  if (!Number.isFinite(kib)) throw new Error(`the memory of process ${pid} cannot be read`)
  return kib / 1024
}

function fromProc(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

function fromPs(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}
