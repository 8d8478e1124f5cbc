import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { ReadOptions } from '../../src/sync/index.ts'
import type { Answer } from './children/sync.ts'

const program = join(import.meta.dirname, 'children/sync.ts')

/** A process of its own that syncs when it is told to. */
export interface SyncCopy {
  read(options: Pick<ReadOptions, 'days' | 'maxAgeMinutes' | 'rows'>): Promise<Answer>
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
}

export async function startSyncCopy(env: Record<string, string>): Promise<SyncCopy> {
  const child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)
  await once(lines, 'line')
  return {
    async read(options) {
      const answer = once(lines, 'line')
      child.stdin.write(`${JSON.stringify(options)}\n`)
      const [line] = await answer
      return JSON.parse(String(line))
    },
    signal: (name) => void child.kill(name),
  }
}
