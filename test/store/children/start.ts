import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

type Child = ChildProcessByStdio<null, Readable, Readable>

export interface Ended {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

/** Starts `children/<name>.ts` as a process of its own; it does not outlive the test. */
export function startChild(name: string, ...args: string[]): Child {
  const path = join(import.meta.dirname, `${name}.ts`)
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

export async function runChild(name: string, ...args: string[]): Promise<Ended> {
  const child = startChild(name, ...args)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

/** Resolves with the next piece that the child prints. */
export async function nextOutput(child: Child): Promise<string> {
  const [piece] = await once(child.stdout, 'data')
  return String(piece)
}

export async function killHard(child: Child): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
