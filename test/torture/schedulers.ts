import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report, Tick } from './children/scheduler.ts'

const program = join(import.meta.dirname, 'children/scheduler.ts')

export interface Answer extends Report {
  readonly pid: number
}

/** Processes of their own that all look at each tick. */
export interface Crew extends AsyncDisposable {
  /** What each of them did, in no particular order. */
  tick(tick: Tick): Promise<readonly Answer[]>
  /** kill -9, and another one takes its place. */
  replace(pid: number): Promise<void>
}

export async function startCrew(size: number, home: string): Promise<Crew> {
  const compiled = mkdtempSync(join(tmpdir(), 'coffer-compiled-'))
  const start = async () => {
    const child = fork(program, { env: { CHILD_HOME: home, NODE_COMPILE_CACHE: compiled } })
    await once(child, 'message')
    return child
  }
  const crew = await Promise.all(Array.from({ length: size }, start))
  return {
    async tick(tick) {
      // All of them are told before the first can have looked.
      const reports = crew.map((child) => reportOf(child))
      for (const child of crew) child.send(tick)
      return await Promise.all(reports)
    },
    async replace(pid) {
      const place = crew.findIndex((child) => child.pid === pid)
      await killed(crew[place])
      crew[place] = await start()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(crew.map(killed))
      rmSync(compiled, { recursive: true, force: true })
    },
  }
}

async function reportOf(child: ChildProcess): Promise<Answer> {
  const [report]: Report[] = await once(child, 'message')
  if (report === undefined) throw new TypeError('a message without content')
  return { ...report, pid: child.pid ?? 0 }
}

async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) throw new TypeError('no such process')
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
