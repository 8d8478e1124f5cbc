import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'

const report = z.object({
  samples: z.number(),
  /** Looks that saw one process listen, and those that saw more. */
  withOne: z.number(),
  withMore: z.number(),
  longestGapMs: z.number(),
})

/** A process of its own that asks the kernel which of the rivals listen. */
export function startWitness() {
  const child = fork(join(import.meta.dirname, 'children/witness.ts'), { stdio: 'inherit' })
  return {
    watch: (pid: number) => void child.send(pid),
    forget: (pid: number) => void child.send(-pid),
    async report() {
      const told = once(child, 'message')
      child.send(0)
      const [message] = await told
      return report.parse(message)
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  }
}
