import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer, Order } from './children/open-home.ts'

/** A process that opens stores. */
export interface Opener extends AsyncDisposable {
  /** Resolves when it has begun; `answer` with what came of it. */
  open(order: Order): Promise<{ readonly answer: Promise<Answer> }>
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
}

/** `schema`: as an older version, which knows only so many migrations. */
export async function startOpener(schema?: number): Promise<Opener> {
  const args = schema === undefined ? [] : [String(schema)]
  const child = fork(join(import.meta.dirname, 'children/open-home.ts'), args)
  await once(child, 'message')
  const kill = () => ended(child)
  return {
    async open(order) {
      const begun = once(child, 'message')
      child.send(order)
      await begun
      const answer = once(child, 'message').then(([told]) => told as Answer)
      // Nobody may be left to wait for it.
      answer.catch(() => undefined)
      return { answer }
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
