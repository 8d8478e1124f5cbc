import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer, Order } from './children/open-home.ts'

/** A process that opens stores. */
export interface Opener extends AsyncDisposable {
  /** What came of it; null when the process was killed before. `onCommit`: it is about to write. */
  open(order: Order, onCommit?: () => void): Promise<Answer | null>
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
}

/** `schema`: as an older version, which knows only so many migrations. */
export async function startOpener(schema?: number): Promise<Opener> {
  const args = schema === undefined ? [] : [String(schema)]
  const child = fork(join(import.meta.dirname, 'children/open-home.ts'), args)
  await once(child, 'message')
  const closed = once(child, 'close').then(() => null)
  const kill = async () => {
    child.kill('SIGKILL')
    await closed
  }
  return {
    async open(order, onCommit) {
      const answer = answered(child, onCommit)
      child.send(order)
      return await Promise.race([answer, closed])
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

function answered(child: ChildProcess, onCommit?: () => void): Promise<Answer> {
  return new Promise((resolve) => {
    const hear = (told: Answer | 'commit') => {
      if (told === 'commit') return onCommit?.()
      child.off('message', hear)
      resolve(told)
    }
    child.on('message', hear)
  })
}

/** Of the database that was opened; null when none was. */
export function idOf(answer: Answer | null): string | null {
  return answer !== null && 'databaseId' in answer ? answer.databaseId : null
}
