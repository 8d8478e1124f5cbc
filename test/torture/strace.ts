import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Debian has it as a package of this name; other systems and some containers do not let a process be watched. */
export const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0

/** Every call that reaches out of the process, in all its threads and whatever it starts. */
export function under(log: string): string[] {
  const calls = 'trace=connect,sendto,sendmsg,sendmmsg,execve'
  return ['strace', '-f', '-qq', '-e', calls, '-e', 'signal=none', '-o', log]
}

export interface Reached {
  /** Addresses on a network, as often as they were reached for. */
  readonly addresses: readonly string[]
  /** Programs that were run, the watched one first. */
  readonly programs: readonly string[]
}

const v4 = /sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)/
const v6 = /sa_family=AF_INET6, sin6_port=htons\((\d+)\),.*?inet_pton\(AF_INET6, "([^"]+)"/

export function reached(log: string): Reached {
  const lines = readFileSync(log, 'utf8').split('\n')
  const addresses = lines.flatMap((line) => {
    const [, port, host] = v4.exec(line) ?? v6.exec(line) ?? []
    return host === undefined ? [] : `${host}:${port}`
  })
  // A second half of a call that was interrupted has no name of a program.
  const programs = lines.flatMap((line) => /execve\("([^"]+)"/.exec(line)?.[1] ?? [])
  return { addresses, programs }
}
