import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { baseEnv, emptyHome, script } from '../support/coffer.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command of the built program that runs. */
export interface Running {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<Ended>
}

/** An environment with a data directory of its own, removed after the test. */
export function freshEnv(): Record<string, string> {
  const home = emptyHome()
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return baseEnv(home)
}

export function start(
  args: readonly string[],
  env: Record<string, string>,
  options: string[] = [],
  stdin: 'ignore' | 'pipe' = 'ignore',
): Running {
  const child = spawn(process.execPath, [...options, script, ...args], {
    env,
    stdio: [stdin, 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code]): Ended => ({ code, stdout, stderr }))
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

export async function run(
  args: readonly string[],
  env: Record<string, string>,
  options: string[] = [],
): Promise<Ended> {
  return await start(args, env, options).ended
}

/** Runs with --json: what it printed must be JSON and nothing else. */
export async function runJson(args: readonly string[], env: Record<string, string>, options: string[] = []) {
  const ended = await run([...args, '--json'], env, options)
  const json: unknown = JSON.parse(ended.stdout)
  return { ...ended, json }
}
